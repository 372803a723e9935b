import type { Database } from 'better-sqlite3';
import type { TrackDetail, TrackHappening } from '../../../shared/bridge/tracks.ts';
import type { Tags } from '../audio/tags.ts';
import { adviceOf, sentenceOf } from '../ledger/failure-groups.ts';
import { displayPath } from '../library/paths.ts';
import { type Place, shownWhole } from '../library/place.ts';
import type { UncoveredTrack } from './messages.ts';
import { createChosenArchive } from './outcome.ts';
import { FACTS, FACTS_FROM, reasonOf, rowOf, tagsOf, type TrackFacts } from './track-rows.ts';

interface DetailFacts extends TrackFacts {
  readonly modifiedAt: number;
  readonly contentId: number | null;
  readonly sha256: Uint8Array | null;
  readonly md5: Uint8Array | null;
  readonly songId: number | null;
  readonly storedAt: number | null;
  readonly confirmedAt: number | null;
  readonly credit: 'sent' | 'moved' | null;
  readonly foundAt: number | null;
  readonly failureClass: string | null;
  readonly attempts: number;
  readonly nextTryAt: number;
}

const MOST_TWINS = 10;
const PLACE = 'library.path AS libraryPath, folder.path AS folderPath, track.name';
const PLACE_FROM =
  'track JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id';

/** Everything that the ledger has of one track. */
export interface TrackDetails {
  readonly track: (id: number) => UncoveredTrack | null;
  readonly placeOf: (id: number) => Place | null;
}

export const createTrackDetail = (db: Database): TrackDetails => {
  const chosenArchive = createChosenArchive(db);
  const facts = db.prepare<[number, number], DetailFacts>(
    `SELECT ${FACTS}, track.mtime_ns / 1000000 AS modifiedAt, track.content_id AS contentId, content.sha256, content.md5,
       holding.song_id AS songId, holding.stored_at AS storedAt, nullif(holding.confirmed_at, 0) AS confirmedAt, track.credit,
       (SELECT started_at FROM run WHERE run.id = track.found_run) AS foundAt,
       CASE track.state WHEN 'found' THEN holding.failure_class WHEN 'failed' THEN 'retry' END AS failureClass,
       CASE track.state WHEN 'found' THEN coalesce(holding.attempts, 0) ELSE track.attempts END AS attempts,
       CASE track.state WHEN 'found' THEN coalesce(holding.next_try_at, 0) ELSE track.next_try_at END AS nextTryAt
     FROM ${FACTS_FROM} WHERE track.id = ?`,
  );
  const twins = db.prepare<[number, number, number], Place>(
    `SELECT ${PLACE} FROM ${PLACE_FROM}
     WHERE track.content_id = ? AND track.id <> ? AND track.state <> 'missing' ORDER BY track.id LIMIT ?`,
  );
  const place = db.prepare<[number], Place>(`SELECT ${PLACE} FROM ${PLACE_FROM} WHERE track.id = ?`);
  return {
    track: db.transaction((id) => {
      const row = facts.get(chosenArchive(), id);
      if (row === undefined) return null;
      const others = row.contentId === null ? [] : twins.all(row.contentId, id, MOST_TWINS);
      return detailOf(row, others);
    }),
    placeOf: (id) => place.get(id) ?? null,
  };
};

const detailOf = (row: DetailFacts, twins: readonly Place[]): UncoveredTrack => {
  const tags = tagsOf(row.tags);
  return {
    ...rowOf(row),
    reason: reasonOf(row),
    place: shownWhole(row),
    library: displayPath(row.libraryPath),
    modifiedAt: row.modifiedAt,
    sha256: hex(row.sha256),
    md5: hex(row.md5),
    tags: tags === undefined ? [] : namedTags(tags),
    twins: twins.map(shownWhole),
    song: songOf(row),
    failure: failureOf(row),
    history: historyOf(row),
    source: {
      libraryPath: row.libraryPath,
      folderPath: row.folderPath,
      name: row.name,
      album: tags?.album ?? '',
    },
  };
};

const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');

const NAMES: readonly (readonly [keyof Tags, string])[] = [
  ['title', 'Title'],
  ['artist', 'Artist'],
  ['album', 'Album'],
  ['album_artist', 'Album artist'],
  ['composer', 'Composer'],
  ['genre', 'Genre'],
  ['year', 'Year'],
  ['disc_number', 'Disc'],
  ['track_number', 'Track'],
];

const namedTags = (tags: Tags): TrackDetail['tags'] =>
  NAMES.flatMap(([key, name]) => (tags[key] === undefined ? [] : [{ name, value: String(tags[key]) }]));

const songOf = ({ songId, archivedAt, confirmedAt }: DetailFacts): TrackDetail['song'] =>
  songId === null || archivedAt === null ? null : { id: songId, archivedAt, confirmedAt };

const failureOf = (row: DetailFacts): TrackDetail['failure'] => {
  const { outcome, code, attempts } = row;
  const triedInVain = outcome === 'failed' || (outcome === 'waiting' && attempts > 0);
  if (!triedInVain || code === null) return null;
  // What the archive refused waits for a person, whatever was once planned.
  const byItself = (outcome === 'waiting' || row.failureClass === 'retry') && row.nextTryAt > 0;
  return {
    code,
    message: sentenceOf(code, row.message),
    advice: adviceOf(row.failureClass ?? undefined, 'Try again'),
    attempts,
    nextTry: byItself ? row.nextTryAt : null,
  };
};

/** What has a time in the ledger; of reading and of failures it keeps only what came of them. */
const historyOf = (row: DetailFacts): TrackHappening[] => {
  const { foundAt, storedAt, archivedAt, confirmedAt, credit } = row;
  const happenings: TrackHappening[] = [];
  const add = (at: number | null, what: TrackHappening['what'], detail: string | null = null): void => {
    if (at !== null) happenings.push({ at, what, detail });
  };
  add(
    foundAt,
    'found',
    credit === 'moved' ? 'Recognised at a new place; its bytes were archived before.' : null,
  );
  add(storedAt, 'sent');
  add(
    archivedAt,
    'archived',
    archivedAt !== null && storedAt === null ? 'The archive had these bytes.' : null,
  );
  if (confirmedAt !== archivedAt) add(confirmedAt, 'confirmed', 'The archive was asked and still has it.');
  return happenings.toSorted((a, b) => a.at - b.at);
};
