import type { Clock } from './clock.ts';

/**
 * Whether a run looks at the disk once more before it says that all is done: a night is long, and albums are renamed in
 * it. Only where nothing moved and the last look was just now is that look taken to be true still.
 */
export interface SecondLook {
  /** The disk showed something else than the last look did. */
  readonly unrest: () => void;
  /** Asked when nothing is left to do; true: look again, and this is that look. */
  readonly isDue: () => boolean;
}

const LOOK_IS_OLD_MS = 60_000;
/** A disk that never rests must not keep a run from its end. */
const MOST_LOOKS = 5;

export const createSecondLook = ({ monotonic }: Pick<Clock, 'monotonic'>): SecondLook => {
  let unrest = false;
  let lookedAt = monotonic();
  let left = MOST_LOOKS;
  return {
    unrest: () => void (unrest = true),
    isDue: () => {
      const isOld = monotonic() - lookedAt > LOOK_IS_OLD_MS;
      if ((!unrest && !isOld) || left === 0) return false;
      unrest = false;
      lookedAt = monotonic();
      left -= 1;
      return true;
    },
  };
};
