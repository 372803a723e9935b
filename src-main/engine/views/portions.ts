import type { Database } from 'better-sqlite3';
import { OUTCOME } from './outcome.ts';

/** The tracks of one folder whose tags say the same of their album. */
export interface Portion {
  readonly folderId: number;
  /** As the tags have it; null: not read yet, or they do not tell. */
  readonly album: string | null;
  readonly albumArtist: string | null;
  readonly artist: string | null;
  readonly year: number | null;
  /** The one that was known first. */
  readonly firstTrack: number;
  readonly tracks: number;
  readonly archived: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface FolderRow {
  readonly id: number;
  readonly libraryId: number;
  readonly libraryPath: Uint8Array;
  readonly path: Uint8Array;
}

/** What tells one portion from the others. */
export const portionKey = ({
  folderId,
  album,
  albumArtist,
  artist,
}: Pick<Portion, 'folderId' | 'album' | 'albumArtist' | 'artist'>): string =>
  JSON.stringify([folderId, album, albumArtist, artist]);

const TAGS = `content.tags ->> '$.album' AS album, content.tags ->> '$.album_artist' AS albumArtist, content.tags ->> '$.artist' AS artist`;

export type Portions = ReturnType<typeof createPortions>;

/** All tracks that are there, counted by what albums are made of. */
export const createPortions = (db: Database) => {
  const lastFolder = db.prepare<[], number | null>('SELECT max(id) FROM folder').pluck();
  const portions = db.prepare<[number, number, number], Portion>(
    `SELECT folder_id AS folderId, album, albumArtist, artist, min(year) AS year, min(id) AS firstTrack, count(*) AS tracks,
       sum(outcome = 'archived') AS archived, sum(outcome = 'failed') AS failed, sum(outcome = 'skipped') AS skipped
     FROM (SELECT track.id, track.folder_id, ${TAGS}, content.tags ->> '$.year' AS year, ${OUTCOME} AS outcome
       FROM track LEFT JOIN content ON content.id = track.content_id
         LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id
       WHERE track.state <> 'missing' AND track.folder_id > ? AND track.folder_id <= ?)
     GROUP BY folder_id, album, albumArtist, artist`,
  );
  const folders = db.prepare<[number, number], FolderRow>(
    `SELECT folder.id, folder.library_id AS libraryId, library.path AS libraryPath, folder.path
     FROM folder JOIN library ON library.id = folder.library_id WHERE folder.id > ? AND folder.id <= ?`,
  );
  const inFolder = db.prepare<[number], Omit<Portion, 'year'> & { readonly id: number }>(
    `SELECT track.id, track.folder_id AS folderId, ${TAGS}
     FROM track LEFT JOIN content ON content.id = track.content_id WHERE track.folder_id = ?`,
  );
  const ofPlace = db.prepare<[Uint8Array, Uint8Array, Uint8Array], Portion>(
    `SELECT track.folder_id AS folderId, ${TAGS}
     FROM library JOIN folder ON folder.library_id = library.id JOIN track ON track.folder_id = folder.id
       LEFT JOIN content ON content.id = track.content_id
     WHERE library.path = ? AND folder.path = ? AND track.name = ?`,
  );
  return {
    /** The highest id of a folder. */
    lastFolder: (): number => lastFolder.get() ?? 0,
    /** Of the folders with ids above the first and up to the last. */
    between: db.transaction(
      (
        archiveId: number,
        above: number,
        upTo: number,
      ): { readonly portions: readonly Portion[]; readonly folders: readonly FolderRow[] } => ({
        portions: portions.all(archiveId, above, upTo),
        folders: folders.all(above, upTo),
      }),
    ),
    inFolder: (folderId: number) => inFolder.all(folderId),
    ofPlace: (libraryPath: Uint8Array, folderPath: Uint8Array, name: Uint8Array) =>
      ofPlace.get(libraryPath, folderPath, name),
  };
};
