import type { Database, Statement } from 'better-sqlite3';
import { fold } from './fold.ts';

/** So many words are looked for, a bit for each; what more there are narrows nothing. */
export const MOST_WORDS = 30;
/** Rows that come as one text: to fold and look through a long one costs much less than many short ones. */
const CHUNK = 1000;
/** Folders whose names come as one text: an album's worth in each. */
const CHUNK_FOLDERS = 100;
// A zero stands in no name and in no tag.
const BETWEEN_ROWS = '\0';
const AFTER_ID = '\x01';

/** Which of the words are found where: bits by id, for the names of tracks, folders and what the tags say. */
export interface Found {
  readonly names: Uint32Array;
  readonly folders: Uint32Array;
  readonly contents: Uint32Array;
}

interface Chunk {
  readonly text: string | null;
  readonly bytes: number | null;
}
type Rows = Statement<[number, number], Chunk>;

/** Looks for words, folded, in all that a track is known by. */
export const createSearch = (db: Database): ((words: readonly string[]) => Found) => {
  const rows = (table: string, text: string, where = 'true', by = 'id'): Rows =>
    db.prepare<[number, number], Chunk>(
      `SELECT text, octet_length(text) AS bytes FROM (SELECT group_concat(id || char(1) || ${text}, char(0)) AS text
           FROM ${table} WHERE ${by} > ? AND ${by} <= ? AND (${where}))`,
    );
  const lastIn = (table: string): number =>
    db.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck().get() ?? 0;
  const maskOf = (
    last: number,
    words: readonly string[],
    statement: Rows,
    keys: number,
    chunk = CHUNK,
  ): Uint32Array => {
    const mask = new Uint32Array(last + 1);
    for (let from = 0; from < keys; from += chunk) {
      const { text = null, bytes = null } = statement.get(from, from + chunk) ?? {};
      // As many letters as bytes: there is nothing beyond ASCII in it, nor does it have to be looked for.
      if (text !== null) markIn(text.length === bytes ? text.toLowerCase() : fold(text), words, mask);
    }
    return mask;
  };
  // By folder they come from an index that has nothing else in it.
  const names = rows('track', 'CAST(name AS TEXT)', 'true', 'folder_id');
  const folders = rows('folder', 'CAST(path AS TEXT)');
  return (words) => {
    const [lastTrack, lastFolder, lastContent] = [lastIn('track'), lastIn('folder'), lastIn('content')];
    const contents = rows('content', TAGS, mayHaveOneOf(words));
    return {
      names: maskOf(lastTrack, words, names, lastFolder, CHUNK_FOLDERS),
      folders: maskOf(lastFolder, words, folders, lastFolder),
      contents: maskOf(lastContent, words, contents, lastContent),
    };
  };
};

const TAGS = ['title', 'artist', 'album']
  .map((tag) => `coalesce(tags ->> '$.${tag}', '')`)
  .join(` || ' ' || `);

const markIn = (text: string, words: readonly string[], mask: Uint32Array): void => {
  if (!words.some((word) => text.includes(word))) return;
  for (const row of text.split(BETWEEN_ROWS)) {
    const start = row.indexOf(AFTER_ID) + 1;
    let bits = 0;
    for (const [i, word] of words.entries()) if (row.includes(word, start)) bits |= 1 << i;
    mask[Number(row.slice(0, start - 1))] = bits;
  }
};

/**
 * A cheap look at the tags as they are kept, as JSON, that lets all through which may have one of the words: without
 * case SQLite compares ASCII only, so what has more than that is let through too.
 */
const mayHaveOneOf = (words: readonly string[]): string =>
  [
    'length(tags) <> octet_length(tags)',
    ...words.filter(isAscii).map((word) => `tags LIKE ${patternOf(word)} ESCAPE '!'`),
  ].join(' OR ');

// eslint-disable-next-line no-control-regex -- ASCII is what this means
const isAscii = (word: string): boolean => /^[\x00-\x7f]*$/.test(word);

const patternOf = (word: string): string => {
  const kept = JSON.stringify(word).slice(1, -1);
  return `'%${kept.replaceAll(/[!%_]/g, '!$&').replaceAll(`'`, `''`)}%'`;
};
