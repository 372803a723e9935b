import type { Database } from 'better-sqlite3';
import type { TrackOutcomeNow, TracksWanted } from '../../../shared/bridge/tracks.ts';
import { createFew } from './few.ts';
import { wordsOf } from './fold.ts';
import { createHeld, type Held } from './held.ts';
import { numbersIn } from './numbers.ts';
import { createSearch, type Found, MOST_WORDS } from './search.ts';
import { sortedBy, sortedByBytes } from './sort.ts';

/**
 * The ids of the tracks that are wanted, in their order. Where these may be many, all that SQLite does is to read tables
 * from end to end, into one text of numbers; what belongs together is put together in memory. For a million tracks that is
 * several times as fast as joins and sorts that give a row for each.
 */
export const createTrackIds = (
  db: Database,
): ((archiveId: number, wanted: TracksWanted, members?: ReadonlySet<number>) => Uint32Array) => {
  const search = createSearch(db);
  const heldBy = createHeld(db);
  const fewOf = createFew(db);
  return (archiveId, wanted, members) => {
    const words = wordsOf(wanted.search).slice(0, MOST_WORDS);
    const found = words.length === 0 ? undefined : search(words);
    const few = fewOf({ archiveId, wanted, members, found, words: words.length });
    const source: Source = { wanted, few: few === undefined ? undefined : JSON.stringify([...few]) };
    const held = needsHoldings(wanted) ? heldBy(archiveId, source.few) : undefined;
    const rows = rowsOf(db, source);
    const kept: number[] = [];
    for (let row = 0; row < rows.length; row += COLUMNS) {
      if (held !== undefined && !isOutcome(wanted.outcome, held, rows, row)) continue;
      if (found === undefined || hasAll(found, words.length, rows, row)) kept.push(row);
    }
    const listed = Uint32Array.from(kept);
    const order = orderOf(db, source, held, rows, listed);
    return order.map((at) => rows[listed[at] ?? 0] ?? 0);
  };
};

/** Of each track its id, its folder, its content, twice, with one for a track that is read and well, and its size. */
const COLUMNS = 4;
const FOLDER = 1;
const CONTENT = 2;
const SIZE = 3;
const WANTED_STATES: Readonly<Record<TrackOutcomeNow | 'all', string>> = {
  all: `track.state <> 'missing'`,
  archived: `track.state = 'found'`,
  waiting: `track.state = 'found'`,
  failed: `track.state IN ('found', 'failed')`,
  skipped: `track.state IN ('found', 'skipped')`,
  missing: `track.state = 'missing'`,
};

interface Source {
  readonly wanted: TracksWanted;
  /** Ids in JSON, where it is known that only these can be meant. */
  readonly few: string | undefined;
}

/** In the order of their paths where that is wanted, else of their ids: many come by themselves in either. */
const sourceOf = ({ wanted: { outcome, order }, few }: Source): string => {
  const where = `WHERE ${WANTED_STATES[outcome ?? 'all']}`;
  const tracks = few === undefined ? 'track' : 'json_each(?) AS one CROSS JOIN track ON track.id = one.value';
  if (order !== 'path') return `${tracks} ${where} ORDER BY track.id`;
  const both =
    few === undefined
      ? 'folder CROSS JOIN track ON track.folder_id = folder.id'
      : `${tracks} CROSS JOIN folder ON folder.id = track.folder_id`;
  return `${both} ${where} ORDER BY folder.library_id, folder.path, track.name`;
};

const rowsOf = (db: Database, source: Source): Float64Array => {
  const { wanted, few } = source;
  // What is not needed comes as a zero, which costs less to write and to read.
  const folder = wanted.search === '' ? '0' : 'track.folder_id';
  const content =
    wanted.search === '' && !needsHoldings(wanted)
      ? '0'
      : `coalesce(track.content_id, 0) * 2 + (track.state IN ('found', 'missing'))`;
  const size = wanted.order === 'size' ? 'track.byte_size' : '0';
  const text = db
    .prepare<string[], string | null>(
      `SELECT group_concat(id || ',' || folder || ',' || content || ',' || size) FROM
         (SELECT track.id, ${folder} AS folder, ${content} AS content, ${size} AS size FROM ${sourceOf(source)})`,
    )
    .pluck()
    .get(...(few === undefined ? [] : [few]));
  return numbersIn(text ?? null);
};

const contentIn = (rows: Float64Array, row: number): number => Math.floor((rows[row + CONTENT] ?? 0) / 2);
const isWellIn = (rows: Float64Array, row: number): boolean => (rows[row + CONTENT] ?? 0) % 2 === 1;

const needsHoldings = ({ outcome, order }: TracksWanted): boolean =>
  order === 'when' || (outcome !== null && outcome !== 'missing');

const isOutcome = (wanted: TracksWanted['outcome'], held: Held, rows: Float64Array, row: number): boolean => {
  switch (wanted) {
    case 'archived':
    case 'waiting':
      return held.outcomeOf(contentIn(rows, row)) === wanted;
    case 'failed':
    case 'skipped':
      return !isWellIn(rows, row) || held.outcomeOf(contentIn(rows, row)) === wanted;
    case 'missing':
    case null:
      return true;
  }
};

const hasAll = (found: Found, words: number, rows: Float64Array, row: number): boolean => {
  const { names, folders, contents } = found;
  const bits =
    (names[rows[row] ?? 0] ?? 0) |
    (folders[rows[row + FOLDER] ?? 0] ?? 0) |
    (contents[contentIn(rows, row)] ?? 0);
  return bits === (1 << words) - 1;
};

const LATEST = Number.MAX_SAFE_INTEGER;

/** The positions of what is listed in their order. */
const orderOf = (
  db: Database,
  source: Source,
  held: Held | undefined,
  rows: Float64Array,
  listed: Uint32Array,
): Uint32Array => {
  const { order, descending } = source.wanted;
  switch (order) {
    case 'path':
      return turned(
        listed.map((_, at) => at),
        descending,
      );
    case 'name':
      return turned(sortedByBytes(namesOf(db, source, rows, listed), listed.length), descending);
    case 'size':
      return turned(sortedBy(Float64Array.from(listed, (row) => rows[row + SIZE] ?? 0)), descending);
    case 'when':
      return sortedBy(
        Float64Array.from(listed, (row) => {
          const at = isWellIn(rows, row) ? (held?.archivedAt(contentIn(rows, row)) ?? 0) : 0;
          // What is not archived comes last either way.
          if (at === 0) return LATEST;
          return descending ? at : LATEST - 1 - at;
        }),
      );
  }
};

const turned = (order: Uint32Array, descending: boolean): Uint32Array =>
  descending ? order.reverse() : order;

/** The names of what is listed, one after the other, each ended by a zero; without the case of A to Z. */
const namesOf = (db: Database, source: Source, rows: Float64Array, listed: Uint32Array): Uint8Array => {
  const all =
    db
      .prepare<string[], Uint8Array | null>(
        `SELECT CAST(group_concat(CAST(name AS TEXT) || char(0), '') AS BLOB) FROM (SELECT track.name FROM ${sourceOf(source)})`,
      )
      .pluck()
      .get(...(source.few === undefined ? [] : [source.few])) ?? new Uint8Array(0);
  for (let i = 0; i < all.length; i += 1) {
    const byte = all[i] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) all[i] = byte + 0x20;
  }
  if (listed.length * COLUMNS === rows.length) return all;
  const names = new Uint8Array(all.length);
  let end = 0;
  let start = 0;
  let next = 0;
  for (let row = 0; next < listed.length; row += COLUMNS) {
    const after = all.indexOf(0, start) + 1;
    if (listed[next] === row) {
      names.set(all.subarray(start, after), end);
      end += after - start;
      next += 1;
    }
    start = after;
  }
  return names.subarray(0, end);
};
