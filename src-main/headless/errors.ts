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

/** Signing in needs something that was neither given nor can be asked for. */
export class CredentialsMissingError extends EngineError {
  readonly code = 'credentials_missing';
}
