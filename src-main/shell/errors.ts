import { EngineError } from '../engine/errors.ts';

/** The folder for our own data cannot be made, read or written. */
export class DataFolderError extends EngineError {
  readonly code = 'data_folder_unusable';
}

/** With all its causes; for a log, never for a page. */
export const stackOf = (error: unknown): string => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${stack}${cause}`;
};
