import type { PageState } from '../../../shared/bridge/state.ts';

type Notice = PageState['notices'][number];

/** What main itself has to say beside what the engine does. */
export interface OwnNotices {
  readonly add: (message: string) => void;
  /** Whether it was one of these. */
  readonly dismiss: (id: number) => boolean;
  readonly within: (state: PageState) => PageState;
}

/** The engine counts from one and never gets here. */
const FIRST_ID = 1_000_000_000;

export const createOwnNotices = (): OwnNotices => {
  let kept: readonly Notice[] = [];
  let nextId = FIRST_ID;
  return {
    add: (message) => {
      // The same sentence twice says no more than once.
      kept = [...kept.filter((notice) => notice.message !== message), { id: nextId, message }];
      nextId += 1;
    },
    dismiss: (id) => {
      const before = kept.length;
      kept = kept.filter((notice) => notice.id !== id);
      return kept.length < before;
    },
    within: (state) => (kept.length === 0 ? state : { ...state, notices: [...state.notices, ...kept] }),
  };
};
