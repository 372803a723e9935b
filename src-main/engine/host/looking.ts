import type { ChosenArchive } from '../../../shared/settings.ts';
import { foundIn } from '../ledger/totals.ts';
import { isEnough } from '../plan/room.ts';
import { isAway } from './archive-place.ts';
import type { Books } from './books.ts';
import type { Driver } from './driver.ts';
import { lookAround, NOTHING_SEEN, type Seen } from './surroundings.ts';
import { troubleOf } from './troubles.ts';

/** Looks at the disks every few seconds, and at once when something was chosen that has to do with them. */
export interface Looking {
  readonly seen: () => Seen;
  /** One look at a time: a share that does not answer holds up this and nothing else. */
  readonly look: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const EVERY_MS = 5_000;

export const createLooking = (deps: {
  /** Undefined while there is no ledger. */
  readonly books: () => Books | undefined;
  readonly driver: Pick<Driver, 'error' | 'forgive' | 'reached' | 'undisturbed'>;
  /** Where the archive on this computer is kept, unless a person chose another folder. */
  readonly archiveFolder: string;
  /** What must stay free on its disk, in bytes. */
  readonly reserveBytes: () => number;
  readonly onFault: (error: unknown) => void;
}): Looking => {
  const { driver } = deps;
  let seen = NOTHING_SEEN;

  /** Room that comes by itself, as when a person tidied up, is as good as Start. */
  const forgiveForRoom = ({ reader }: Books): void => {
    const error = driver.error();
    if (error === undefined || troubleOf(error).code !== 'no_room') return;
    const { archive } = reader.settings();
    const row = reader.archives().find(({ identity }) => identity === archive?.identity);
    if (archive?.kind !== 'here' || row === undefined) return;
    const ids = reader.libraries().map(({ id }) => id);
    const needed = reader.totals(row.id, ids).bytesWaiting;
    if (isEnough({ needed, free: seen.bytesFree, reserve: deps.reserveBytes() })) driver.forgive();
  };

  const lookNow = async (): Promise<void> => {
    const books = deps.books();
    if (books === undefined) return;
    const { reader } = books;
    const archives = reader.archives();
    const { archive } = reader.settings();
    const away = isAway(archive);
    // What holds files of a disk that is gone must let go of them, or it cannot find them when the disk is back.
    if (away && driver.reached()?.isOpen === true) void driver.undisturbed(() => Promise.resolve());
    seen = await lookAround(
      away ? undefined : folderOf(archive, deps.archiveFolder),
      reader.libraries(),
      (id, name) =>
        name === undefined
          ? archives.some((archive) => foundIn(reader.totals(archive.id, [id])) > 0)
          : reader.hasAtTop(id, name),
    );
    forgiveForRoom(books);
  };

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> =>
    (looking ??= lookNow()
      // A ledger that was closed meanwhile has nothing to be asked any more.
      .catch((error: unknown) => (deps.books() === undefined ? undefined : deps.onFault(error)))
      .finally(() => (looking = undefined)));
  const timer = setInterval(() => void look(), EVERY_MS);

  return {
    seen: () => seen,
    look,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
};

const folderOf = (archive: ChosenArchive | null, archiveFolder: string): string =>
  (archive?.kind === 'here' ? archive.folder : null) ?? archiveFolder;
