import { EngineError } from '../errors.ts';

export class LedgerNewerError extends EngineError {
  readonly code = 'ledger_newer';
  constructor(path: string, found: number, known: number) {
    super(
      `The ledger ${path} was written by a newer Ledgerline (version ${found}, this one knows ${known}). Please update; nothing was changed.`,
      { path, found, known },
    );
  }
}

export class LedgerDamagedError extends EngineError {
  readonly code = 'ledger_damaged';
  constructor(path: string, cause: unknown) {
    super(`The ledger ${path} is damaged.`, { path }, cause);
  }
}

/** The disk that the ledger lies on is full or fails. Nothing that was not written is claimed. */
export class LedgerDiskError extends EngineError {
  readonly code = 'ledger_disk';
  constructor(path: string, cause: unknown) {
    super(
      `The ledger ${path} could not be written: its disk is full or failing. What is already archived stays so; make room and start again.`,
      { path },
      cause,
    );
  }
}

export class LedgerInUseError extends EngineError {
  readonly code = 'ledger_in_use';
  constructor(folder: string, owner: string) {
    super(`Ledgerline is already at work here (${owner}). Only one may use ${folder} at a time.`, {
      folder,
      owner,
    });
  }
}

/** A failed write, told as what it means for a person. */
export const asLedgerError = (path: string, error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY'))
    return new LedgerDiskError(path, error);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'))
    return new LedgerDamagedError(path, error);
  return error;
};
