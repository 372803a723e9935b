import type { Database } from 'better-sqlite3';
import type { Place } from '../library/place.ts';

/** A track that is to be archived, and whether its bytes were read before. */
export interface OpenPlace extends Place {
  readonly id: number;
  readonly byteSize: number;
  readonly isRead: boolean;
}

type Row = Omit<OpenPlace, 'isRead'> & { readonly isRead: 0 | 1 };

const PAGE = 500;

/** All tracks that one archive does not have yet and that nothing speaks against, page by page. */
export const createOpenPlaces = (
  db: Database,
): ((
  archiveId: number,
  libraryIds: readonly number[],
) => Generator<readonly OpenPlace[], void, undefined>) => {
  const page = db.prepare<[number, number, number, number], Row>(
    `SELECT track.id, track.byte_size AS byteSize, track.content_id IS NOT NULL AS isRead, library.path AS libraryPath,
       folder.path AS folderPath, track.name
     FROM track JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id
       LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id
     WHERE track.state = 'found' AND track.library_id = ? AND track.id > ? AND (holding.state IS NULL OR holding.state = 'open')
     ORDER BY track.id LIMIT ?`,
  );
  return function* (archiveId, libraryIds) {
    for (const libraryId of libraryIds) {
      let last: number | undefined = 0;
      while (last !== undefined) {
        const rows: readonly Row[] = page.all(archiveId, libraryId, last, PAGE);
        if (rows.length > 0) yield rows.map((row) => ({ ...row, isRead: row.isRead === 1 }));
        last = rows.at(-1)?.id;
      }
    }
  };
};
