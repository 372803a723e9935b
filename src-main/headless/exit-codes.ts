import { systemCode } from '../engine/errors.ts';
import { RefusedError } from '../engine/archive/errors.ts';

/** What the caller of the command line may decide by. */
export const EXIT = {
  allArchived: 0,
  someNot: 1,
  wrongUse: 2,
  notSignedIn: 3,
  unreachable: 4,
  /** sysexits' EX_SOFTWARE: a fault of ours. */
  ourFault: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_CODE: Readonly<Record<string, ExitCode>> = {
  usage: EXIT.wrongUse,
  library_unusable: EXIT.wrongUse,
  exclusion_unusable: EXIT.wrongUse,
  data_folder_unusable: EXIT.wrongUse,
  page_missing: EXIT.wrongUse,
  page_unservable: EXIT.wrongUse,
  ledger_newer: EXIT.wrongUse,
  ledger_in_use: EXIT.wrongUse,
  archive_in_use: EXIT.wrongUse,
  unknown_songs: EXIT.wrongUse,
  no_traditional: EXIT.wrongUse,
  credentials_missing: EXIT.notSignedIn,
  wrong_password: EXIT.notSignedIn,
  forbidden: EXIT.notSignedIn,
  signed_out: EXIT.notSignedIn,
  unreachable: EXIT.unreachable,
  database_unusable: EXIT.unreachable,
  not_an_archive: EXIT.unreachable,
  archive_away: EXIT.unreachable,
  archive_here: EXIT.unreachable,
  ledger_disk: EXIT.someNot,
  ledger_damaged: EXIT.someNot,
  ledger_gone: EXIT.someNot,
  no_room: EXIT.someNot,
  archive_full: EXIT.someNot,
  interrupted: EXIT.interrupted,
};

/** Anything that is not known here is a fault of ours. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof RefusedError) return exitCodeOfRefusal(error.status);
  return BY_CODE[codeOf(error)] ?? EXIT.ourFault;
};

/** A refusal that ends the whole run: the archive does not want us, or is in no state to work with. */
const exitCodeOfRefusal = (status: number): ExitCode =>
  status === 401 || status === 403 || status === 429 ? EXIT.notSignedIn : EXIT.unreachable;

export const codeOf = (error: unknown): string => systemCode(error) ?? 'unexpected';

export const exitCodeOfRun = (run: {
  readonly interrupted: boolean;
  readonly failed: number;
  readonly waiting: number;
  /** Libraries that could not be looked through to the end. */
  readonly unreachable: number;
  /** It was wished that the archive be asked for everything again, and it was not. */
  readonly unconfirmed: boolean;
}): ExitCode => {
  if (run.interrupted) return EXIT.interrupted;
  const all = run.failed + run.waiting + run.unreachable === 0 && !run.unconfirmed;
  return all ? EXIT.allArchived : EXIT.someNot;
};
