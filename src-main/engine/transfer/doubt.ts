import { RefusedError, UnreachableError } from '../archive/errors.ts';
import { EngineError } from '../errors.ts';

/**
 * A create on an archive that makes a song for each: after so long without its song it will not make one any more.
 * Servers and the proxies before them give a request up within minutes.
 */
const SETTLED_MS = 15 * 60_000;
const FIRST_LOOK_MS = 2_000;

/** A create without an answer, and no song of it yet: it may still be under way. */
export class RecordInDoubtError extends EngineError {
  readonly code = 'record_in_doubt';
  /** Milliseconds until it is worth to look again. */
  readonly lookAgainIn: number;
  constructor(lookAgainIn: number) {
    super(
      "The archive's answer was lost, and whether it made the song shows within a quarter of an hour. Until then nothing is sent again.",
      { lookAgainIn },
    );
    this.lookAgainIn = lookAgainIn;
  }
}

/** Creates without an answer, and how long they have had. */
export interface Doubts {
  /** The line of this holding's create broke just now. */
  readonly began: (holdingId: number) => void;
  /**
   * Milliseconds until it is worth to look again for the song of this holding's create; undefined when all that could
   * come has come.
   */
  readonly lookAgainIn: (holdingId: number) => number | undefined;
}

/**
 * By the clock that never jumps, and for creates of an earlier run from the first look of this one: a computer without
 * a battery for its clock may wake up in another year.
 */
export const createDoubts = (monotonic: () => number, settledMs = SETTLED_MS): Doubts => {
  const since = new Map<number, number>();
  const began = (holdingId: number): void => void since.set(holdingId, monotonic());
  return {
    began,
    lookAgainIn: (holdingId) => {
      if (!since.has(holdingId)) began(holdingId);
      const age = monotonic() - (since.get(holdingId) ?? 0);
      return age >= settledMs
        ? undefined
        : Math.ceil(Math.min(settledMs - age, Math.max(FIRST_LOOK_MS, age)));
    },
  };
};

/** Whether a failed create is known to have made nothing: the archive refused it, or it never left. */
export const isKnownUndone = (error: unknown): boolean => {
  if (error instanceof RefusedError) return error.status < 500 && error.status !== 408;
  return error instanceof UnreachableError && error.neverSent;
};
