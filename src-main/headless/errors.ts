import { EngineError } from '../engine/errors.ts';

/** Ctrl-C (or its like) before anything was under way. */
export class InterruptedError extends Error {
  readonly code = 'interrupted';
  override readonly name = 'InterruptedError';
  constructor() {
    super('Stopped; nothing was under way.');
  }
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
