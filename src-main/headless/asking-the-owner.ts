import Database from 'better-sqlite3';
import { LedgerInUseError } from '../engine/ledger/errors.ts';
import { type InboxMessage, leaveMessage } from '../engine/ledger/inbox.ts';
import { ledgerPath, openLedger } from '../engine/ledger/ledger.ts';
import { ledgerTrouble } from '../engine/ledger/open.ts';
import { obey, obeyInbox } from '../engine/ledger/obey.ts';
import { takeOwnership, type Ownership } from '../engine/ledger/owner.ts';
import { nodeLaunch } from './launch.ts';
import { makeDataFolder } from '../shell/usable-data-folder.ts';

/** Done by us, with how many it concerned; or left for the one who is at work, who does it within a second or so. */
export type Asked = { readonly by: 'us'; readonly count: number } | { readonly by: 'owner' };

const BUSY_MS = 10_000;

/**
 * Has something done to the ledger: by ourselves when nobody is at work, else by the owner.
 * @throws LedgerNewerError, LedgerDiskError, LedgerDamagedError, DataFolderError
 */
export const askOwner = async (folder: string, message: InboxMessage): Promise<Asked> => {
  makeDataFolder(folder);
  const ownership = ownershipIfFree(folder);
  if (ownership === undefined) {
    tellOwner(ledgerPath(folder), message);
    return { by: 'owner' };
  }
  try {
    const ledger = openLedger(folder, nodeLaunch.sqlFolder('ledger'), new Date(), 'tell');
    try {
      const count = await ledger.commit(() => {
        obeyInbox(ledger);
        return obey(ledger, message);
      });
      return { by: 'us', count };
    } finally {
      await ledger.close();
    }
  } finally {
    ownership.release();
  }
};

const tellOwner = (path: string, message: InboxMessage): void => {
  try {
    const db = new Database(path, { fileMustExist: true, timeout: BUSY_MS });
    try {
      leaveMessage(db, message, Date.now());
    } finally {
      db.close();
    }
  } catch (error) {
    throw ledgerTrouble(path, error);
  }
};

const ownershipIfFree = (folder: string): Ownership | undefined => {
  try {
    return takeOwnership(folder, 'ledgerline');
  } catch (error) {
    if (error instanceof LedgerInUseError) return undefined;
    throw error;
  }
};
