import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ledger, ledgerPath, openLedger } from '../../engine/ledger/ledger.ts';
import { openLedgerForReading } from '../../engine/ledger/open.ts';
import { nodeLaunch } from '../launch.ts';

/**
 * Works on a copy of the ledger of a data folder (a new one where there is none) that is thrown away afterwards.
 * @throws LedgerNewerError, LedgerDamagedError
 */
export const withThrowAwayLedger = async <T>(
  folder: string,
  work: (ledger: Ledger, copyFolder: string) => Promise<T>,
): Promise<T> => {
  const copyFolder = await mkdtemp(join(tmpdir(), 'ledgerline-look-'));
  try {
    const sqlFolder = nodeLaunch.sqlFolder('ledger');
    const original = openLedgerForReading(ledgerPath(folder), sqlFolder);
    try {
      await original?.backup(ledgerPath(copyFolder));
    } finally {
      original?.close();
    }
    const ledger = openLedger(copyFolder, sqlFolder, new Date());
    try {
      return await work(ledger, copyFolder);
    } finally {
      await ledger.close();
    }
  } finally {
    await rm(copyFolder, { recursive: true, force: true });
  }
};
