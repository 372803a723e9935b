import { ledgerPath } from '../engine/ledger/ledger.ts';
import { ledgerTrouble, openLedgerForReading } from '../engine/ledger/open.ts';
import { createLedgerReader, type LedgerReader } from '../engine/ledger/reader.ts';
import { createFind, type Find } from '../engine/views/find.ts';
import { nodeLaunch } from './launch.ts';
import { checkReadable } from '../shell/usable-data-folder.ts';

/**
 * Reads from the ledger of a data folder, also beside its owner; undefined where there is none yet.
 * @throws LedgerNewerError, LedgerDamagedError, DataFolderError
 */
export const readLedger = async <T>(
  folder: string,
  read: (reader: LedgerReader, find: Find) => T | Promise<T>,
): Promise<T | undefined> => {
  const path = ledgerPath(folder);
  checkReadable(path);
  try {
    const db = openLedgerForReading(path, nodeLaunch.sqlFolder('ledger'));
    if (db === undefined) return undefined;
    try {
      return await read(createLedgerReader(db), createFind(db));
    } finally {
      db.close();
    }
  } catch (error) {
    throw ledgerTrouble(path, error);
  }
};
