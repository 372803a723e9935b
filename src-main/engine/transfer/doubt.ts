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

/**
 * How long to wait before it is worth to look again for the song of a create that was sent at `sentAt`; undefined when
 * all that could come has come. Both are milliseconds of the same clock, and `now` is not before `sentAt`.
 */
export const untilNextLook = (sentAt: number, now: number): number | undefined => {
  const age = now - sentAt;
  return age >= SETTLED_MS ? undefined : Math.min(SETTLED_MS - age, Math.max(FIRST_LOOK_MS, age));
};

/** Whether a failed create is known to have made nothing: the archive refused it, or it never left. */
export const isKnownUndone = (error: unknown): boolean => {
  if (error instanceof RefusedError) return error.status < 500 && error.status !== 408;
  return error instanceof UnreachableError && error.neverSent;
};
