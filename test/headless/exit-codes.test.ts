import { describe, expect, test } from 'vitest';
import {
  ForbiddenError,
  NotAnArchiveError,
  RefusedError,
  SignedOutError,
  UnreachableError,
  WrongPasswordError,
} from '../../src-main/engine/archive/errors.ts';
import { LedgerDiskError, LedgerInUseError, LedgerNewerError } from '../../src-main/engine/ledger/errors.ts';
import { LibraryError } from '../../src-main/engine/library/choose.ts';
import { InterruptedError } from '../../src-main/headless/errors.ts';
import { exitCodeOf, exitCodeOfRun } from '../../src-main/headless/exit-codes.ts';
import { UsageError } from '../../src-main/headless/usage-error.ts';

describe('the exit code of a run', () => {
  const run = { interrupted: false, failed: 0, waiting: 0, unreachable: 0, unconfirmed: false };

  test.each([
    [{}, 0],
    [{ failed: 1 }, 1],
    [{ waiting: 1 }, 1],
    [{ unreachable: 1 }, 1],
    [{ unconfirmed: true }, 1],
    [{ interrupted: true }, 130],
    [{ interrupted: true, failed: 3 }, 130],
  ])('%j ends with %d', (outcome, code) => {
    expect(exitCodeOfRun({ ...run, ...outcome })).toBe(code);
  });
});

test.each(['Only moderators may do this. Ask an admin for the role.', 'Only moderators may do this'])(
  'an account without rights is told once what to do: %s',
  (detail) => {
    expect(new ForbiddenError('https://archive.example', detail).message).toBe(
      'This account may not upload to https://archive.example: Only moderators may do this. An administrator can make it a moderator.',
    );
  },
);

describe('the exit code of an error', () => {
  test.each([
    [new UsageError('x'), 2],
    [new LibraryError('x'), 2],
    [new LedgerNewerError('x', 2, 1), 2],
    [new LedgerInUseError('x', 'y'), 2],
    [new WrongPasswordError('x', 'y'), 3],
    [new ForbiddenError('x', 'y'), 3],
    [new SignedOutError('x', 'y'), 3],
    [new RefusedError(403, 'forbidden_role', 'x'), 3],
    [new RefusedError(429, 'too_many_attempts', 'x'), 3],
    [new UnreachableError('x', 'y'), 4],
    [new NotAnArchiveError('x', 'y'), 4],
    [new RefusedError(500, 'internal', 'x'), 4],
    [new LedgerDiskError('x', 'y'), 1],
    [new InterruptedError(), 130],
    [new TypeError('a fault of ours'), 70],
    ['not even an error', 70],
  ])('%s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
