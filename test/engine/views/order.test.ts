import { expect, onTestFinished, test } from 'vitest';
import { LONGEST_PAGE } from '../../../shared/bridge/fields.ts';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import { createTrackViews, type TrackViews } from '../../../src-main/engine/views/track-views.ts';
import { writeLedger } from './written-ledger.ts';

const ALL: TracksWanted = { outcome: null, search: '', order: 'path', descending: false, album: null };
const COUNT = 2_400;

/** More tracks than are kept from the beginning, their ids not in the order of their paths; every seventh is missing. */
const long = () => {
  const ledger = writeLedger(
    Array.from({ length: COUNT }, (_, i) => {
      const at = (i * 1_009) % COUNT;
      return {
        path: `${at % 40}/${String(at).padStart(5, '0')}.mp3`,
        state: i % 7 === 0 ? ('missing' as const) : ('found' as const),
      };
    }),
    onTestFinished,
  );
  let ref = 0;
  const views = createTrackViews(ledger.db, () => (ref += 1));
  const inOrder = (): readonly string[] =>
    ledger.db
      .prepare<[], string>(
        `SELECT CAST(folder.path AS TEXT) || '/' || CAST(name AS TEXT) FROM track JOIN folder ON folder.id = folder_id
         WHERE state <> 'missing' ORDER BY folder.path, name`,
      )
      .pluck()
      .all();
  return { ...ledger, views, inOrder };
};
const pathsIn = (views: TrackViews, view: number, from: number, count = LONGEST_PAGE) =>
  views.slice({ view, from, count })?.map(({ path }) => path) ?? null;

test('a long table is whole and in order, whichever part of it is asked for first', () => {
  const { views, inOrder } = long();
  const expected = inOrder();
  const { view, tracks } = views.open(ALL);
  expect(tracks).toBe(expected.length);
  const read: string[] = [];
  for (let from = 0; from < tracks; from += LONGEST_PAGE) read.push(...(pathsIn(views, view, from) ?? []));
  expect(read).toEqual(expected);
  const other = views.open(ALL);
  expect(pathsIn(views, other.view, tracks - 50)).toEqual(expected.slice(-50));
  expect(pathsIn(views, other.view, 950)).toEqual(expected.slice(950, 950 + LONGEST_PAGE));
  expect(pathsIn(views, other.view, tracks)).toEqual([]);
});

test.each(['archived', 'waiting'] as const)('a long table of what is %s is whole and in order', (outcome) => {
  const { views, db, inOrder } = long();
  db.exec(`INSERT INTO content (id, sha256, byte_size, md5, tags) SELECT id, CAST(format('%032d', id) AS BLOB), 1, zeroblob(16), '{}' FROM track WHERE id % 2 = 0;
    UPDATE track SET content_id = id WHERE id % 2 = 0;
    INSERT INTO holding (archive_id, content_id, state, archived_at) SELECT 1, id, 'archived', 5 FROM content`);
  const { view, tracks } = views.open({ ...ALL, outcome });
  expect(tracks).toBeGreaterThan(1_000);
  const read: (readonly [string, string])[] = [];
  for (let from = 0; from < tracks; from += LONGEST_PAGE)
    for (const row of views.slice({ view, from, count: LONGEST_PAGE }) ?? [])
      read.push([row.path, row.outcome]);
  const other = outcome === 'archived' ? 'waiting' : 'archived';
  const rest = views.open({ ...ALL, outcome: other });
  expect(tracks + rest.tracks).toBe(inOrder().length);
  expect(read).toHaveLength(tracks);
  const paths = read.map(([path]) => path);
  expect(inOrder().filter((path) => paths.includes(path))).toEqual(paths);
  expect(new Set(read.map(([, what]) => what))).toEqual(new Set([outcome]));
});

test('what was archived meanwhile changes nothing of its order', () => {
  const { views, inOrder, db } = long();
  const expected = inOrder();
  const { view, tracks } = views.open(ALL);
  db.exec(`UPDATE track SET byte_size = byte_size + 1`);
  expect(pathsIn(views, view, tracks - 9)).toEqual(expected.slice(-9));
});

test.each([
  ['one that came', `UPDATE track SET state = 'found' WHERE id = 1`],
  ['one that went', `UPDATE track SET state = 'missing' WHERE name = CAST('02399.mp3' AS BLOB)`],
  [
    'one at the top that went and one at the end that came',
    `UPDATE track SET state = 'missing' WHERE name = (SELECT min(name) FROM track WHERE state = 'found');
     UPDATE track SET state = 'found' WHERE name = (SELECT max(name) FROM track WHERE state = 'missing')`,
  ],
])('%s before the rest was looked at: it is given up, and the next one is as it is then', (_, change) => {
  const { views, inOrder, db } = long();
  const { view, tracks } = views.open(ALL);
  const top = pathsIn(views, view, 0);
  db.exec(change);
  expect(pathsIn(views, view, tracks - 100)).toBeNull();
  expect(pathsIn(views, view, 0)).toBeNull();
  const next = views.open(ALL);
  expect(top).toHaveLength(LONGEST_PAGE);
  expect(next.tracks).toBe(inOrder().length);
  const expected = inOrder();
  // However often the ledger changes now: this one is known whole.
  db.exec(`UPDATE track SET state = 'found'`);
  expect(pathsIn(views, next.view, next.tracks - 100)).toEqual(expected.slice(-100));
});
