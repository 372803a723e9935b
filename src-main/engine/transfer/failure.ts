import {
  DiffersError,
  ForbiddenError,
  NotAnArchiveError,
  RefusedError,
  SignedOutError,
  UnreachableError,
  UnsafeAddressError,
} from '../archive/errors.ts';
import { EngineError, systemCode } from '../errors.ts';
import { RecordInDoubtError } from './doubt.ts';
import { AmbiguousSongError } from './song-finder.ts';
import { FileChangedError, FileUnreadableError } from './source.ts';

/**
 * What is to be done about a failure. Classes, as they are kept in the ledger:
 * - `retry`: passes by itself; this file again after a while, and in every new run
 * - `refused`: the archive does not want it; again only when somebody asks
 * - `person`: somebody must look; again only when somebody asks
 */
export type Verdict =
  /** This file again later, counted as an attempt. */
  | { readonly kind: 'retry'; readonly code: string; readonly message: string }
  /** The archive has no room for this one; where it has none for several, everything waits. */
  | { readonly kind: 'no_room'; readonly milliseconds: number; readonly message: string }
  /** The same, but with the ticket thrown away. `expired`: its address was no longer good. */
  | {
      readonly kind: 'new_ticket';
      readonly code: string;
      readonly message: string;
      readonly expired: boolean;
    }
  /** Nothing failed, but there is nothing to go on with yet: look again then. */
  | {
      readonly kind: 'look_again';
      readonly milliseconds: number;
      readonly code: string;
      readonly message: string;
    }
  /** The line itself may be down: look, and let everything wait if so. */
  | { readonly kind: 'check_line'; readonly code: string; readonly message: string }
  /** Everything waits; this file is not to blame. */
  | {
      readonly kind: 'wait';
      readonly reason: 'archive_busy' | 'archive_full';
      readonly milliseconds: number;
      readonly message: string;
    }
  | {
      readonly kind: 'give_up';
      readonly class: 'refused' | 'person';
      readonly code: string;
      readonly message: string;
    }
  /** The file is not what was read: read it again. */
  | { readonly kind: 'reread' }
  /** The run cannot go on. */
  | { readonly kind: 'stop'; readonly error: unknown };

export type FailedStep = 'known' | 'ticket' | 'put' | 'record' | 'reconcile' | 'through';

const FULL_WAIT_MS = 60_000;
/** An archive without room for a larger file may have room for others; without room for such a one it is full. */
const LARGE_BYTES = 16 * 1024 * 1024;
const BUSY_WAIT_MS = 5_000;
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 15 * 60_000;

export const judge = (error: unknown, step: FailedStep, byteSize: number): Verdict => {
  if (error instanceof FileChangedError || error instanceof FileUnreadableError) return { kind: 'reread' };
  if (error instanceof UnreachableError || error instanceof NotAnArchiveError)
    return { kind: 'check_line', code: error.code, message: error.message };
  if (error instanceof SignedOutError || error instanceof ForbiddenError) return { kind: 'stop', error };
  if (error instanceof RefusedError) return judgeRefusal(error, step, byteSize);
  if (error instanceof RecordInDoubtError)
    return {
      kind: 'look_again',
      milliseconds: error.lookAgainIn,
      code: error.code,
      message: error.message,
    };
  if (
    error instanceof DiffersError ||
    error instanceof UnsafeAddressError ||
    error instanceof AmbiguousSongError
  )
    return { kind: 'give_up', class: 'person', code: error.code, message: error.message };
  if (error instanceof EngineError) return { kind: 'stop', error };
  if (systemCode(error)?.startsWith('SQLITE_CONSTRAINT') === true)
    return {
      kind: 'give_up',
      class: 'person',
      code: 'song_taken',
      message:
        'The archive named a song that stands for other bytes already. This needs a person to look at.',
    };
  return { kind: 'stop', error };
};

const judgeRefusal = (error: RefusedError, step: FailedStep, byteSize: number): Verdict => {
  const { status, code, message, retryAfter } = error;
  const wait = (reason: 'archive_busy' | 'archive_full', otherwise: number): Verdict => ({
    kind: 'wait',
    reason,
    // A time that is over already, or a date by a clock that goes wrong, must not make us ask without a rest.
    milliseconds: Math.min(Math.max(retryAfter ?? otherwise, MIN_WAIT_MS), MAX_WAIT_MS),
    message,
  });
  if (status === 507)
    return byteSize > LARGE_BYTES
      ? { kind: 'no_room', milliseconds: FULL_WAIT_MS, message }
      : wait('archive_full', FULL_WAIT_MS);
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    return wait('archive_busy', BUSY_WAIT_MS);
  if (status === 408) return { kind: 'retry', code, message };
  // One file's bad luck, or the whole archive down behind its proxy: a look tells.
  if (status >= 500) return { kind: 'check_line', code, message };
  // Another token is asked for before the next attempt.
  if (status === 401) return { kind: 'retry', code, message };
  if (step === 'put') {
    const expired = status === 403 || status === 404;
    return { kind: 'new_ticket', code, message: wordsForPut(status, message), expired };
  }
  if (step === 'record' && (status === 409 || status === 404))
    return { kind: 'new_ticket', code, message, expired: false };
  return { kind: 'give_up', class: 'refused', code, message };
};

/** The storage often refuses without a word. */
const wordsForPut = (status: number, message: string): string => {
  switch (status) {
    case 403:
    case 404:
      return 'the upload address was no longer good when the bytes arrived';
    case 422:
      return 'the bytes did not arrive as they were sent';
    default:
      return message;
  }
};
