import type { Database } from 'better-sqlite3';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import { numbersIn } from './numbers.ts';
import type { Found } from './search.ts';

/** To look one track up costs about as much as to read so many that lie in a row. */
const LOOK_UP_COST = 16;

/** What narrows the tracks down. */
export interface Narrowing {
  readonly archiveId: number;
  readonly wanted: TracksWanted;
  /** Only these. */
  readonly members: ReadonlySet<number> | undefined;
  /** What was searched for, and in how many words. */
  readonly found: Found | undefined;
  readonly words: number;
}

/**
 * Tracks among which all that are wanted are, where these are known to be few: then only they have to be looked at, and
 * not the whole ledger. Undefined where they may be many.
 */
export const createFew = (db: Database): ((narrowing: Narrowing) => ReadonlySet<number> | undefined) => {
  const last = db.prepare<[], number | null>('SELECT max(id) FROM track').pluck();
  const idsOf = (select: string) => {
    const text = db
      .prepare<unknown[], string | null>(`SELECT group_concat(id) FROM (${select} LIMIT ?)`)
      .pluck();
    return (limit: number, ...params: readonly (string | number)[]): Float64Array =>
      numbersIn(text.get(...params, limit + 1) ?? null);
  };
  // Said so that the indexes of what is not well, and of what was given up, are found.
  const unwell = idsOf(`SELECT id FROM track WHERE state <> 'found' AND state = ?`);
  const givenUp = (state: string) =>
    idsOf(`SELECT track.id FROM holding CROSS JOIN track ON track.content_id = holding.content_id
      WHERE holding.archive_id = ? AND holding.state = '${state}'`);
  const held = { failed: givenUp('failed'), skipped: givenUp('skipped') };
  const inOneOf = (column: string) =>
    idsOf(`SELECT track.id FROM json_each(?) AS one CROSS JOIN track ON track.${column} = one.value`);
  const inFolders = inOneOf('folder_id');
  const ofContents = inOneOf('content_id');

  const byOutcome = ({ archiveId, wanted: { outcome } }: Narrowing, limit: number) => {
    switch (outcome) {
      case null:
      case 'archived':
      case 'waiting':
        return undefined;
      case 'missing':
        return together(limit, unwell(limit, outcome));
      case 'failed':
      case 'skipped':
        return together(limit, unwell(limit, outcome), held[outcome](limit, archiveId));
    }
  };
  const byWords = ({ found, words }: Narrowing, limit: number) => {
    if (found === undefined) return undefined;
    const { names, folders, contents } = found;
    const counts = new Uint32Array(words);
    for (const mask of [names, folders, contents]) countIn(mask, counts);
    const rarest = counts.indexOf(Math.min(...counts));
    if ((counts[rarest] ?? 0) > limit) return undefined;
    return together(
      limit,
      idsWith(names, rarest),
      inFolders(limit, JSON.stringify(idsWith(folders, rarest))),
      ofContents(limit, JSON.stringify(idsWith(contents, rarest))),
    );
  };
  return (narrowing) => {
    if (narrowing.members !== undefined) return narrowing.members;
    const limit = Math.floor((last.get() ?? 0) / LOOK_UP_COST);
    return byWords(narrowing, limit) ?? byOutcome(narrowing, limit);
  };
};

/** Each once; undefined where they are more than the limit. */
const together = (
  limit: number,
  ...parts: readonly (Float64Array | readonly number[])[]
): ReadonlySet<number> | undefined => {
  const all = new Set<number>();
  for (const part of parts) {
    if (part.length > limit) return undefined;
    for (const id of part) all.add(id);
  }
  return all.size > limit ? undefined : all;
};

/** @param counts by word, to which is added in how many it was found */
const countIn = (mask: Uint32Array, counts: Uint32Array): void => {
  for (const bits of mask) {
    if (bits === 0) continue;
    for (let word = 0; word < counts.length; word += 1)
      counts[word] = (counts[word] ?? 0) + ((bits >>> word) & 1);
  }
};

const idsWith = (mask: Uint32Array, word: number): readonly number[] => {
  const ids: number[] = [];
  for (let id = 0; id < mask.length; id += 1) if ((((mask[id] ?? 0) >>> word) & 1) === 1) ids.push(id);
  return ids;
};
