import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { differences, snapshotLibrary, type LibrarySnapshot } from '../../kit/library-snapshot.ts';
import { readAcceptedPuts } from './accepted-puts.ts';
import { readArchive } from './archive.ts';
import { standingOf } from './archived.ts';
import { readLedger, type LedgerView } from './ledger.ts';
import { eligibleFiles } from './library.ts';
import { extrasIn } from './once.ts';
import { putFindings } from './puts.ts';
import { filesToSearch, secretsIn } from './secrets.ts';
import { breach, type Breach, type Verdict } from './verdict.ts';

export interface CheckOptions {
  /** The folder of music. */
  readonly library: string;
  /** The client's ledger file. */
  readonly ledger: string;
  /** The archive's data folder, of an archive that does not run or has nothing to do. */
  readonly archive: string;
  /** The library as it was before anything began. */
  readonly before?: LibrarySnapshot;
  /** The archive's clean-up has run, so nothing may be left that no song needs. */
  readonly cleaned?: boolean;
  /** The work was interrupted: files may wait, but none may be called archived that is not. */
  readonly unfinished?: boolean;
  /** How many answers to PUTs can have been lost before the client wrote them down; 0 unless somebody died. */
  readonly lostAnswers?: number;
  /** Passwords and the like, that may stand nowhere. */
  readonly secrets?: readonly string[];
  /** More files in which none may stand, such as what the programs printed. */
  readonly printed?: readonly string[];
}

/**
 * Looks with its own eyes whether an archive holds what a library has: at the library's bytes, the client's ledger,
 * the archive's database, log and storage. Shares no code with the programs that wrote them, and changes nothing.
 */
export const checkArchive = async (options: CheckOptions): Promise<Verdict> => {
  const { unfinished = false, cleaned = false } = options;
  // The archive is read in threads while this one reads the library.
  const reading = readArchive(options.archive);
  const readingLibrary = Promise.resolve().then(() => snapshotLibrary(options.library));
  const [library, archive] = await Promise.all([readingLibrary, reading]);
  const ledger = readLedger(
    options.ledger,
    realpathSync.native(options.library, 'buffer'),
    archive.archiveId,
  );
  const files = eligibleFiles(library);
  const standing = standingOf(files, ledger, archive, unfinished);
  const puts = putFindings(
    await readAcceptedPuts(join(options.archive, 'archive.log')),
    ledger,
    options.lostAnswers ?? 0,
  );
  const searched = filesToSearch(options.ledger, options.archive, options.printed ?? []);
  const own = archive.songs.filter((song) => song.ownerId === ledger.ownerId);
  return {
    breaches: [
      ...[...ledger.complaints, ...archive.complaints].map((complaint) => breach('health', complaint)),
      ...standing.breaches,
      ...(unfinished ? [] : unknownSongs(own, ledger)),
      ...extrasIn(archive, cleaned),
      ...puts.breaches,
      ...(options.before === undefined ? [] : differences(options.before, library)).map((message) =>
        breach('untouched', message),
      ),
      ...secretsIn(searched, options.secrets ?? [], archive.tokenHashes),
    ],
    counts: {
      eligible: files.length,
      archived: standing.archived,
      listed: standing.listed,
      waiting: standing.waiting,
      songs: own.length,
      blobs: archive.blobs.length,
      objects: archive.objects.size,
      puts: puts.counts,
    },
  };
};

/** A song that the ledger does not know of was made and forgotten: the next run could make it again. */
const unknownSongs = (
  songs: readonly { readonly id: number; readonly sha256: string }[],
  ledger: LedgerView,
): readonly Breach[] =>
  songs
    .filter(({ sha256 }) => !ledger.archivedContents.has(sha256))
    .map(({ id }) => breach('archived', `the archive has song ${id}, and the ledger does not know it`));
