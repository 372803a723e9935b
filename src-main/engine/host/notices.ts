import type { PageState } from '../../../shared/bridge/state.ts';

type Notice = PageState['notices'][number];

/** Sentences that a person should read once, kept until they say that they have. */
export interface Notices {
  /** The same sentence is told once in a program's life, unless it is of what a person has just done `again`. */
  readonly add: (message: string, options?: { readonly again?: boolean }) => void;
  readonly dismiss: (id: number) => void;
  readonly all: () => readonly Notice[];
}

/** Who comes back after a week reads the last few. */
const MOST = 5;

export const createNotices = (): Notices => {
  const told = new Set<string>();
  let kept: readonly Notice[] = [];
  let last = 0;
  return {
    add: (message, { again = false } = {}) => {
      if (told.has(message) && !again) return;
      told.add(message);
      last += 1;
      kept = [...kept.filter((notice) => notice.message !== message), { id: last, message }].slice(-MOST);
    },
    dismiss: (id) => void (kept = kept.filter((notice) => notice.id !== id)),
    all: () => kept,
  };
};
