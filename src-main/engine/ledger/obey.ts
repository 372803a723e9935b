import type { InboxMessage } from './inbox.ts';
import type { Ledger } from './ledger.ts';

type Needed = Pick<Ledger, 'archives' | 'holdings' | 'inbox' | 'libraries' | 'settings' | 'tracks'>;

/**
 * Does what a person asked of the ledger, for all its archives and libraries. Call it inside a commit.
 * @returns how many contents and unread tracks it gave another chance, or left out
 */
export const obey = (ledger: Needed, message: InboxMessage): number => {
  switch (message.kind) {
    case 'retry': {
      const { failureClass, code } = message;
      const asked = sumOf(
        ledger.archives.all(),
        ({ id }) =>
          ledger.holdings.reopen(id, failureClass, code) + ledger.holdings.takeBack(id, failureClass, code),
      );
      // What could not be read passes by itself, as the class `retry` does.
      if (failureClass !== undefined && failureClass !== 'retry') return asked;
      return (
        asked +
        sumOf(
          ledger.libraries.all(),
          ({ id }) => ledger.tracks.retryFailed(id, code) + ledger.tracks.takeBack(id, code),
        )
      );
    }
    case 'retry_track':
      return ledger.tracks.retry(message.trackId) + ledger.holdings.reopenOf(message.trackId);
    case 'ignore': {
      const { archiveId, failureClass, code } = message;
      const archives = ledger.archives.all().filter(({ id }) => archiveId === undefined || id === archiveId);
      const left = sumOf(archives, ({ id }) => ledger.holdings.ignore(id, failureClass, code));
      if (failureClass !== undefined && failureClass !== 'retry') return left;
      return left + sumOf(ledger.libraries.all(), ({ id }) => ledger.tracks.ignoreFailed(id, code));
    }
    case 'forget':
      ledger.libraries.forget(message.libraryId);
      // Where nothing is left the work is over; the next folder is begun with by a Start of its own.
      if (ledger.libraries.all().length === 0) ledger.settings.write({ started: false });
      return 0;
    case 'set':
      ledger.settings.write(message.settings);
      return 0;
  }
};

/** Everything that was left in the inbox, the oldest first. Call it inside a commit. */
export const obeyInbox = (ledger: Needed): void => {
  for (const message of ledger.inbox.take()) obey(ledger, message);
};

const sumOf = <T>(items: readonly T[], count: (item: T) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0);
