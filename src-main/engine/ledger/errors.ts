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
    super(
      `The ledger ${path} is damaged. The next run puts it aside and makes a new one from your files and from what the archive has; what is archived stays so.`,
      { path },
      cause,
    );
  }
}

/** Somebody removed the file while it was in use, or put another one in its place. What was kept there since is lost. */
export class LedgerGoneError extends EngineError {
  readonly code = 'ledger_gone';
  constructor(path: string) {
    super(
      `The ledger ${path} was removed or replaced while Ledgerline was at work. Your folders and settings are kept, and what the archive has is recognised and not sent again. Press Start to go on.`,
      { path },
    );
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

/** What SQLite threw, here or in a thread of ours, told as what it means for a person. */
export const asLedgerError = (path: string, error: unknown): unknown => {
  if (error instanceof EngineError && error.code.startsWith('ledger_')) return error;
  const code = sqliteCode(error);
  if (/^SQLITE_(FULL|IOERR|READONLY)/.test(code)) return new LedgerDiskError(path, error);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new LedgerDamagedError(path, error);
  return error;
};

/** Also where the error is only the cause of another. */
const sqliteCode = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const own = 'code' in error ? String(error.code) : '';
  return own.startsWith('SQLITE_') ? own : sqliteCode(error.cause);
};
