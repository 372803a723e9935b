import type { ArchiveConnection } from './archive/connect.ts';
import type { Clock } from './clock.ts';
import { EngineError } from './errors.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Library } from './ledger/libraries.ts';
import { CONFIRMED_FOR_MS } from './recheck.ts';
import type { ArchiveManners } from './transfer/plan.ts';
import { createSongFinder, type SongFinder } from './transfer/song-finder.ts';

/** An archive that cannot tell what it has, has songs, and this ledger knows none of them. */
export class UnknownSongsError extends EngineError {
  readonly code = 'unknown_songs';
  constructor(origin: string, count: number) {
    super(
      `The archive at ${origin} has ${count} songs already and this ledger knows none of them. Going on would store every song of yours a second time. Use the ledger (data folder) they were uploaded with; if they are other songs, "sync --accept-duplicates" on the command line goes on.`,
      { origin, count },
    );
  }
}

export class NoTraditionalError extends EngineError {
  readonly code = 'no_traditional';
  constructor(origin: string) {
    super(`The archive at ${origin} takes no traditional uploads; leave --traditional out.`, { origin });
  }
}

export interface PreparedArchive {
  readonly id: number;
  readonly manners: ArchiveManners;
  readonly findSong: SongFinder;
}

/**
 * Gets the ledger ready for a run with this archive: what was waiting or could not be done for a passing reason
 * begins anew.
 * @throws UnknownSongsError, NoTraditionalError, and what the archive's client throws
 */
export const prepareArchive = async (options: {
  readonly ledger: Ledger;
  readonly connection: ArchiveConnection;
  readonly libraries: readonly Library[];
  readonly clock: Clock;
  readonly traditional: boolean;
  readonly acceptDuplicates: boolean;
  readonly place?: string;
}): Promise<PreparedArchive> => {
  const { ledger, connection, libraries, clock } = options;
  const { kind, discovery, client, origin } = connection;
  const has = (feature: string): boolean => discovery?.features.includes(feature) ?? false;
  if (options.traditional && !has('traditional')) throw new NoTraditionalError(origin);
  const { id } = await ledger.commit(() =>
    ledger.archives.ensure(connection.identity, options.place ?? origin, clock.now()),
  );

  let highest = 0;
  if (kind === 'rails') {
    const { count, songs } = await client.list(1, 50);
    if (count > 0 && !options.acceptDuplicates && !ledger.archives.hasHoldings(id))
      throw new UnknownSongsError(origin, count);
    highest = Math.max(0, ...songs.map((song) => song.id));
  }

  await ledger.commit(() => {
    ledger.holdings.stopWaiting(id);
    ledger.holdings.reopen(id, 'retry');
    ledger.holdings.distrustConfirmedAfter(id, clock.now() + CONFIRMED_FOR_MS);
    for (const library of libraries) ledger.tracks.retryFailed(library.id);
  });
  return {
    id,
    manners: { kind, known: has('known'), traditional: options.traditional },
    findSong: createSongFinder(
      origin,
      client,
      (songId) => ledger.holdings.withSong(id, songId) !== undefined,
      highest,
    ),
  };
};
