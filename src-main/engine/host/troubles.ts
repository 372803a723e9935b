import type { PageState } from '../../../shared/bridge/state.ts';
import { NotAnArchiveError, RefusedError, UnreachableError } from '../archive/errors.ts';
import type { EngineError } from '../errors.ts';
import { ArchiveAwayError } from './archive-place.ts';

export type Trouble = NonNullable<PageState['trouble']>;

/** Whether it is worth trying again without anybody doing something about it. */
export const passesByItself = (error: unknown): error is EngineError => {
  // What answers in an archive's place (the log-in page of a hotel, a proxy whose archive is down) goes away again.
  if (error instanceof UnreachableError || error instanceof NotAnArchiveError) return true;
  if (error instanceof ArchiveAwayError) return true;
  return (
    error instanceof RefusedError && (error.status >= 500 || error.status === 429 || error.status === 408)
  );
};

/** What a person is told of an error: its own words where it has some, never a stack. */
export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || isSystems(error))
    return { code: 'unexpected', message: unexpectedWords(error) };
  // A password that was good once and is not now: the same form, the same thing to do.
  const code = error.code === 'wrong_password' ? 'signed_out' : error.code;
  return { code, message: error.message };
};

/** Whether the error is a fault of ours, of which the page learns little and the log should learn all. */
export const isFault = (error: unknown): boolean => troubleOf(error).code === 'unexpected';

/** ENOENT, SQLITE_FULL, ERR_INVALID_ARG_TYPE: codes of the system and of Node, not ours. */
const isSystems = (error: Error & { readonly code: unknown }): boolean => /^[A-Z]/.test(String(error.code));

const unexpectedWords = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return `Something went wrong that should not have (${message.split('\n')[0] ?? ''}). What is archived stays so.`;
};
