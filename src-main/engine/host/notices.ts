import type { PageState } from '../../../shared/bridge/state.ts';

type Notice = PageState['notices'][number];

/** Sentences that a person should read once, kept until they say that they have. */
export interface Notices {
  /** The same sentence is told once in a program's life. */
  readonly add: (message: string) => void;
  readonly dismiss: (id: number) => void;
  readonly all: () => readonly Notice[];
}

/** Who comes back after a week reads the last few. */
const MOST = 5;

export const createNotices = (): Notices => {
  const told = new Set<string>();
  let kept: readonly Notice[] = [];
  return {
    add: (message) => {
      if (told.has(message)) return;
      told.add(message);
      kept = [...kept, { id: told.size, message }].slice(-MOST);
    },
    dismiss: (id) => void (kept = kept.filter((notice) => notice.id !== id)),
    all: () => kept,
  };
};
