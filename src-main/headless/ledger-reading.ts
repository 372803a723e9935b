import { ledgerPath } from '../engine/ledger/ledger.ts';
import { openLedgerForReading } from '../engine/ledger/open.ts';
import { createLedgerReader, type LedgerReader } from '../engine/ledger/reader.ts';
import { nodeLaunch } from './launch.ts';
import { checkReadable } from './usable-data-folder.ts';

/**
 * Reads from the ledger of a data folder, also beside its owner; undefined where there is none yet.
 * @throws LedgerNewerError, LedgerDamagedError, DataFolderError
 */
export const readLedger = async <T>(
  folder: string,
  read: (reader: LedgerReader) => T | Promise<T>,
): Promise<T | undefined> => {
  checkReadable(ledgerPath(folder));
  const db = openLedgerForReading(ledgerPath(folder), nodeLaunch.sqlFolder('ledger'));
  if (db === undefined) return undefined;
  const reader = createLedgerReader(db);
  try {
    return await read(reader);
  } finally {
    reader.close();
  }
};
