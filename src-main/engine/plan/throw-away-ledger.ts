import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ledger, ledgerPath, openLedger } from '../ledger/ledger.ts';
import { LedgerDamagedError } from '../ledger/errors.ts';
import { ledgerTrouble, openLedgerForReading } from '../ledger/open.ts';

/**
 * Works on a copy of the ledger of a data folder (a new one where there is none) that is thrown away afterwards.
 * @throws LedgerNewerError, LedgerDamagedError
 */
export const withThrowAwayLedger = async <T>(
  folder: string,
  sqlFolder: string,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> => {
  const path = ledgerPath(folder);
  const copyFolder = await mkdtemp(join(tmpdir(), 'ledgerline-look-'));
  const copyPath = ledgerPath(copyFolder);
  try {
    const original = openLedgerForReading(path, sqlFolder);
    try {
      await original?.backup(copyPath);
    } finally {
      original?.close();
    }
    const ledger = openLedger(copyFolder, sqlFolder, new Date(), 'tell');
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  } catch (error) {
    // A copy is as damaged as what it was made of, and that is what concerns a person.
    const told = ledgerTrouble(copyPath, error);
    throw told instanceof LedgerDamagedError ? ledgerTrouble(path, new LedgerDamagedError(path, told)) : told;
  } finally {
    await rm(copyFolder, { recursive: true, force: true });
  }
};
