import { describe, expect, onTestFinished, test } from 'vitest';
import { TRACK_OUTCOMES, type TracksWanted } from '../../../shared/bridge/tracks.ts';
import { createTrackIds } from '../../../src-main/engine/views/track-ids.ts';
import { sortedBy, sortedByBytes } from '../../../src-main/engine/views/sort.ts';
import { seededRandom } from '../../../src-main/headless/demo/audio/random.ts';
import { type WrittenTrack, writeLedger } from './written-ledger.ts';

const WORDS = [
  'blue',
  'Miles',
  'Ágætis',
  'Русский',
  'a%b',
  'x_y',
  `it's`,
  '"so"',
  'back\\slash',
  '!',
  'שלום',
  '音楽',
  'ＷＩＤＥ',
];

/** The same as SQL says it, with a join and a comparison for each track. */
const NAIVE = `
  SELECT track.id, track.name, folder.path, content.tags, track.byte_size AS size,
    CASE WHEN track.state <> 'found' THEN track.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END AS outcome,
    iif(track.state IN ('found', 'missing') AND holding.state = 'archived', archived_at, NULL) AS archivedAt
  FROM track JOIN folder ON folder.id = track.folder_id LEFT JOIN content ON content.id = track.content_id
    LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id
  ORDER BY folder.library_id, folder.path, track.name`;
interface NaiveRow {
  readonly id: number;
  readonly name: Buffer;
  readonly path: Buffer;
  readonly tags: string | null;
  readonly size: number;
  readonly outcome: string;
  readonly archivedAt: number | null;
}

const plain = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('æ', 'ae');

const textOf = ({ path, name, tags }: NaiveRow): string => {
  const { title = '', artist = '', album = '' } = JSON.parse(tags ?? '{}') as Record<string, string>;
  return plain([path.toString(), name.toString(), title, artist, album].join('\n'));
};

/** @param rarely how few are anything else than found and archived, if few are: one of so many */
const randomLedger = (seed: number, count: number, rarely = 1) => {
  const next = seededRandom(seed);
  const below = (n: number): number => Math.floor((next() / 2 ** 32) * n);
  const word = (): string => WORDS[below(WORDS.length)] ?? '';
  const tracks = Array.from({ length: count }, (_, i): WrittenTrack => {
    const invalid = Buffer.from([0xff, 0xfe, 0xc3]);
    const name = Buffer.concat([
      Buffer.from(`${word().replaceAll('/', '')} ${i} ${'z'.repeat(below(9))}`),
      below(9) === 0 ? invalid : Buffer.of(),
    ]);
    return {
      library: below(4) === 0 ? '/other' : '/music',
      path: Buffer.concat([Buffer.from(`${word()}/${word()} ${below(5)}/`), name]),
      bytes: below(3) === 0 ? 2 ** 33 + below(5) : below(500),
      state:
        below(rarely) > 0
          ? 'found'
          : ((['found', 'found', 'found', 'found', 'failed', 'skipped', 'missing'] as const)[below(7)] ??
            'found'),
      ...(below(4) === 0
        ? {}
        : {
            content: `content ${below(count)}`,
            tags: {
              title: `${word()} ${word()}`,
              genre: 'hidden',
              ...(below(2) === 0 ? {} : { artist: word(), album: word() }),
            },
          }),
      ...(below(3) === 0
        ? {}
        : {
            holding:
              (
                [
                  { state: 'open' },
                  { state: 'failed' },
                  { state: 'skipped' },
                  { state: 'archived', archived_at: 1_700_000_000_000 + below(5_000) * 1_000_003 },
                  { archive_id: 2, state: 'archived', archived_at: 5 },
                ] as const
              )[below(rarely) > 0 ? 3 : below(4)] ?? {},
          }),
    };
  });
  return writeLedger(tracks, onTestFinished);
};

describe.each([
  { seed: 1, count: 400, rarely: 1 },
  { seed: 2, count: 400, rarely: 1 },
  { seed: 3, count: 900, rarely: 40 },
])('a ledger of all kinds (%o)', ({ seed, count, rarely }) => {
  test('every outcome in every order, both ways, is what a plain query finds', () => {
    const { db } = randomLedger(seed, count, rarely);
    const ids = createTrackIds(db);
    for (const archive of [0, 1, 2]) {
      const all = db.prepare<[number], NaiveRow>(NAIVE).all(archive);
      for (const outcome of [null, ...TRACK_OUTCOMES]) {
        const rows = all.filter((row) =>
          outcome === null ? row.outcome !== 'missing' : row.outcome === outcome,
        );
        const byId = rows.toSorted((a, b) => a.id - b.id);
        const expected: Readonly<Record<TracksWanted['order'], readonly NaiveRow[]>> = {
          path: rows,
          name: byId.toSorted((a, b) => Buffer.compare(lower(a.name), lower(b.name))),
          size: byId.toSorted((a, b) => a.size - b.size),
          when: byId.toSorted((a, b) => (b.archivedAt ?? 0) - (a.archivedAt ?? 0)),
        };
        for (const order of ['path', 'name', 'size', 'when'] as const) {
          const wanted: TracksWanted = { outcome, order, search: '', descending: false, album: null };
          const found = [...ids(archive, wanted)];
          expect({ archive, outcome, order, ids: found }).toEqual({
            archive,
            outcome,
            order,
            ids: expected[order].map(({ id }) => id),
          });
          const down = [...ids(archive, { ...wanted, descending: true })];
          const reversed = order === 'when' ? oldestFirst(rows) : found.toReversed();
          expect({ archive, outcome, order, ids: down }).toEqual({ archive, outcome, order, ids: reversed });
        }
      }
    }
  });

  test('what is searched for is found among any outcome, and in one album', () => {
    const { db } = randomLedger(seed, count, rarely);
    const ids = createTrackIds(db);
    const all = db.prepare<[number], NaiveRow>(NAIVE).all(1);
    const members = new Set(all.filter(({ id }) => id % 5 === 0).map(({ id }) => id));
    for (const search of ['', '7', '77', '77 blue', 'no such'])
      for (const outcome of [null, ...TRACK_OUTCOMES])
        for (const album of [undefined, members]) {
          const expected = all
            .filter((row) => (outcome === null ? row.outcome !== 'missing' : row.outcome === outcome))
            .filter((row) =>
              plain(search)
                .split(' ')
                .every((word) => textOf(row).includes(word)),
            )
            .filter(({ id }) => album?.has(id) ?? true)
            .map(({ id }) => id);
          const wanted: TracksWanted = { outcome, order: 'path', search, descending: false, album: null };
          const found = [...ids(1, wanted, album)];
          expect({ search, outcome, ids: found }).toEqual({ search, outcome, ids: expected });
        }
  });

  test('every word is found where it stands and nowhere else', () => {
    const { db } = randomLedger(seed, count, rarely);
    const ids = createTrackIds(db);
    const rows = db
      .prepare<[number], NaiveRow>(NAIVE)
      .all(1)
      .filter(({ outcome }) => outcome !== 'missing');
    let hits = 0;
    for (const search of [
      ...WORDS,
      'agaetis',
      'wide',
      'hidden',
      'title',
      'blue miles',
      'ÁGÆTIS 1',
      'no',
      '7',
    ]) {
      const words = plain(search).split(/[\s/\\]+/);
      const expected = rows
        .filter((row) => words.every((word) => textOf(row).includes(word)))
        .map(({ id }) => id);
      const wanted: TracksWanted = { outcome: null, order: 'path', search, descending: false, album: null };
      expect({ search, ids: [...ids(1, wanted)] }).toEqual({ search, ids: expected });
      hits += expected.length;
    }
    expect(hits).toBeGreaterThan(1_000);
  });
});

/** What is not archived stands last either way. */
const oldestFirst = (rows: readonly NaiveRow[]): readonly number[] =>
  rows
    .toSorted((a, b) => a.id - b.id)
    .toSorted((a, b) => (a.archivedAt ?? Infinity) - (b.archivedAt ?? Infinity) || 0)
    .map(({ id }) => id);

const lower = (name: Buffer): Buffer =>
  Buffer.from(
    name.toString('latin1').replaceAll(/[A-Z]/g, (c) => c.toLowerCase()),
    'latin1',
  );

describe('sorting', () => {
  test('by numbers beyond 32 bits keeps the order of what is equal', () => {
    const keys = Float64Array.of(2 ** 33, 5, 2 ** 53 - 1, 5, 0, 2 ** 32 + 5, 2 ** 32);
    expect([...sortedBy(keys)]).toEqual([4, 1, 3, 6, 5, 0, 2]);
    expect([...sortedBy(new Float64Array(0))]).toEqual([]);
  });

  test('by bytes puts the shorter first and keeps the order of what is equal', () => {
    const texts = ['abcdefgh', 'abcd', '', 'abc', 'abcd', 'abcdefg', '\xff', 'b', 'abcdf', ''];
    const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(''), 'latin1');
    expect([...sortedByBytes(bytes, texts.length)]).toEqual([2, 9, 3, 1, 4, 5, 0, 8, 7, 6]);
  });
});
