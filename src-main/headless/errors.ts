import { EngineError } from '../engine/errors.ts';

/** Ctrl-C (or its like) before anything was under way. */
export class InterruptedError extends Error {
  readonly code = 'interrupted';
  override readonly name = 'InterruptedError';
  constructor() {
    super('Stopped; nothing was under way.');
  }
}

/** The folder for our own data cannot be made, read or written. */
export class DataFolderError extends EngineError {
  readonly code = 'data_folder_unusable';
}

/** The page was not built; scripts/start.mjs does so before it starts the program. */
export class PageMissingError extends EngineError {
  readonly code = 'page_missing';
  constructor(folder: string) {
    super(`The page is not built yet: there is nothing in ${folder}. "npm start" builds it.`, { folder });
  }
}

/** The page cannot be served at this address. */
export class PageUnservableError extends EngineError {
  readonly code = 'page_unservable';
}

/** Signing in needs something that was neither given nor can be asked for. */
export class CredentialsMissingError extends EngineError {
  readonly code = 'credentials_missing';
}

/** With all its causes; for a log, never for a page. */
export const stackOf = (error: unknown): string => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${stack}${cause}`;
};
