import type { Database } from 'better-sqlite3';
import type { TrackOrder, TracksWanted } from '../../../shared/bridge/tracks.ts';
import { displayPath, joinPath } from '../library/paths.ts';
import { fold, wordsOf } from './fold.ts';
import { OUTCOME } from './outcome.ts';
import { tagsOf } from './track-rows.ts';

const ORDERS: Readonly<Record<TrackOrder, string>> = {
  path: 'folder.library_id, folder.path, track.name',
  name: 'track.name, track.id',
  size: 'track.byte_size, track.id',
  when: 'archivedAt, track.id',
};

interface Found {
  readonly id: number;
  readonly path: Uint8Array;
  readonly name: Uint8Array;
  readonly tags: string | null;
}

/** The ids of the tracks that are wanted, in their order. */
export const createTrackIds =
  (db: Database): ((archiveId: number, wanted: TracksWanted, members?: ReadonlySet<number>) => Uint32Array) =>
  (archiveId, wanted, members) => {
    const { outcome, order, descending } = wanted;
    const words = wordsOf(wanted.search);
    const found = db.prepare<unknown[], Found>(
      `SELECT track.id, folder.path, track.name, content.tags,
         iif(track.state IN ('found', 'missing') AND holding.state = 'archived', holding.archived_at, NULL) AS archivedAt
       FROM track JOIN folder ON folder.id = track.folder_id LEFT JOIN content ON content.id = track.content_id
         LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id
       WHERE ${outcome === null ? `track.state <> 'missing'` : `${OUTCOME} = ?`}
       ORDER BY ${ORDERS[order]}`,
    );
    const ids: number[] = [];
    for (const row of found.iterate(...(outcome === null ? [archiveId] : [archiveId, outcome])))
      if ((members?.has(row.id) ?? true) && hasWords(row, words)) ids.push(row.id);
    const view = Uint32Array.from(ids);
    return (order === 'when') === descending ? view : view.reverse();
  };

const hasWords = ({ path, name, tags }: Found, words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  const { title = '', artist = '', album = '' } = tagsOf(tags) ?? {};
  const text = fold([displayPath(joinPath(path, name)), title, artist, album].join('\n'));
  return words.every((word) => text.includes(word));
};
