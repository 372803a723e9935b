import { describe, expect, onTestFinished, test } from 'vitest';
import type { AlbumFilter, AlbumsWanted } from '../../../shared/bridge/albums.ts';
import { CALLS } from '../../../shared/bridge/calls.ts';
import { createLibraries } from '../../../src-main/engine/ledger/libraries.ts';
import { openTestHost, type TestHost } from '../../kit/host.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { OTHER_ARCHIVE, type WrittenLedger, type WrittenTrack, writeLedger } from './written-ledger.ts';

const written = (...tracks: readonly WrittenTrack[]): WrittenLedger => writeLedger(tracks, onTestFinished);

const open = (host: TestHost, wanted: Partial<AlbumsWanted> = {}) =>
  host.calls.openAlbums({ filter: 'all', search: '', ...wanted });
const rowsOf = async (host: TestHost, wanted: Partial<AlbumsWanted> = {}) => {
  const { view, albums } = await open(host, wanted);
  const rows = await host.calls.albums({ view, from: 0, count: 200 });
  CALLS.albums.output.parse(rows);
  expect(rows).toHaveLength(albums);
  return rows ?? [];
};
const titlesOf = async (host: TestHost, wanted: Partial<AlbumsWanted> = {}): Promise<readonly string[]> =>
  (await rowsOf(host, wanted)).map(({ title }) => title);

const ARCHIVED = { state: 'archived', archived_at: 5, confirmed_at: 5 } as const;

/** So many tracks of one album. */
const album = (
  folder: string,
  count: number,
  rest: Omit<WrittenTrack, 'path'> = {},
): readonly WrittenTrack[] =>
  Array.from({ length: count }, (_, i) => ({ path: `${folder}/${i}.mp3`, ...rest }));

const shelf = (): WrittenLedger =>
  written(
    ...album('whole', 3, {
      tags: { album: 'Abbey Road', artist: 'The Beatles', year: 1969 },
      holding: ARCHIVED,
    }),
    { path: 'whole/cover.mp3', state: 'skipped', reason: 'not_audio' },
    ...album('part', 2, { tags: { album: 'Post', artist: 'Björk' }, holding: ARCHIVED }),
    ...album('part/more', 0),
    { path: 'part/new.mp3' },
    ...album('none', 2, { tags: { album: '10,000 Hz', artist: 'Air' } }),
    ...album('bad', 2, { tags: { album: 'Bad', artist: 'Zappa' } }),
    { path: 'bad/x.mp3', state: 'failed', reason: 'read_error' },
    ...album('Unread folder', 4),
    ...album('99 unread', 1),
    { path: 'gone/1.mp3', state: 'missing' },
  );

describe('the wall', () => {
  test('has albums in the order of artist and title, with letters to jump to', async () => {
    const host = await openTestHost({ dataFolder: shelf().dataFolder });
    expect(await titlesOf(host)).toEqual([
      '99 unread',
      '10,000 Hz',
      'Abbey Road',
      'Post',
      'Unread folder',
      'Bad',
    ]);
    expect((await open(host)).letters).toEqual([
      { letter: '#', at: 0 },
      { letter: 'A', at: 1 },
      { letter: 'B', at: 2 },
      { letter: 'U', at: 4 },
      { letter: 'Z', at: 5 },
    ]);
    expect((await rowsOf(host))[2]).toEqual({
      id: expect.any(Number),
      title: 'Abbey Road',
      artist: 'The Beatles',
      year: 1969,
      cover: null,
      tracks: 4,
      archived: 3,
      failed: 0,
      skipped: 1,
      underWay: false,
    });
  });

  test('each filter has as many as it says', async () => {
    const host = await openTestHost({ dataFolder: shelf().dataFolder });
    const { counts } = await open(host);
    expect(counts).toEqual({ all: 6, whole: 1, under_way: 1, to_come: 4, attention: 1 });
    for (const [filter, count] of Object.entries(counts))
      expect(await titlesOf(host, { filter: filter as AlbumFilter })).toHaveLength(count);
    expect(await titlesOf(host, { filter: 'attention' })).toEqual(['Bad']);
    expect(await titlesOf(host, { filter: 'under_way' })).toEqual(['Post']);
  });

  test('is searched in title and artist, whatever the case and the accents', async () => {
    const host = await openTestHost({ dataFolder: shelf().dataFolder });
    expect(await titlesOf(host, { search: 'bjork' })).toEqual(['Post']);
    expect(await titlesOf(host, { search: 'BJO\u0308RK post' })).toEqual(['Post']);
    expect(await titlesOf(host, { search: 'beatles road' })).toEqual(['Abbey Road']);
    const nothing = await open(host, { search: 'no such thing' });
    expect(nothing).toMatchObject({ albums: 0, letters: [], counts: { all: 0, attention: 0 } });
  });

  test('all its tracks add up to the totals', async () => {
    const host = await openTestHost({ dataFolder: shelf().dataFolder });
    const { standing } = await host.calls.state(null);
    const rows = await rowsOf(host);
    const sum = (of: 'tracks' | 'archived' | 'failed' | 'skipped'): number =>
      rows.reduce((total, row) => total + row[of], 0);
    expect([sum('tracks'), sum('archived'), sum('failed'), sum('skipped')]).toEqual([
      standing.found,
      standing.archived,
      standing.failed,
      standing.skipped,
    ]);
  });

  test('the table of one album has its tracks and no others', async () => {
    const ledger = shelf();
    ledger.add({ path: 'whole/CD2/1.mp3', tags: { album: 'Abbey Road', artist: 'The Beatles' } });
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const [, , beatles] = await rowsOf(host);
    expect(beatles?.tracks).toBe(5);
    const opened = await host.calls.openTracks({
      outcome: null,
      search: '',
      order: 'path',
      descending: false,
      album: beatles?.id ?? 0,
    });
    const rows = await host.calls.tracks({ view: opened.view, from: 0, count: 200 });
    expect(rows?.map(({ path }) => path)).toEqual([
      'whole/0.mp3',
      'whole/1.mp3',
      'whole/2.mp3',
      'whole/cover.mp3',
      'whole/CD2/1.mp3',
    ]);
  });

  test('an open view keeps its order and learns what became of its albums', async () => {
    const ledger = shelf();
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const { view } = await open(host);
    ledger.db.exec(`INSERT INTO holding (archive_id, content_id, state, archived_at)
      SELECT 1, content_id, 'archived', 9 FROM track WHERE content_id IS NOT NULL ON CONFLICT DO UPDATE SET state = 'archived'`);
    ledger.add({ path: 'A first one/1.mp3', tags: { album: 'A', artist: 'A' } });
    const air = await waitFor('the row to be told anew', async () => {
      const rows = await host.calls.albums({ view, from: 1, count: 1 });
      return rows?.[0]?.archived === 2 ? rows[0] : undefined;
    });
    expect(air.title).toBe('10,000 Hz');
  });

  test('after another archive was chosen nothing is whole that is not there', async () => {
    const ledger = shelf();
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    expect((await open(host)).counts.whole).toBe(1);
    ledger.choose(OTHER_ARCHIVE);
    expect((await open(host)).counts).toMatchObject({ whole: 0, under_way: 0, to_come: 6 });
  });

  test('what is read in many steps is one wall: discs find each other, and all adds up', async () => {
    const disc = (at: number) =>
      album(`Long/CD${at}`, 2, { tags: { album: `Long (CD ${at})`, artist: 'Air' } });
    const others = Array.from({ length: 1_100 }, (_, i) => ({ path: `other ${i}/1.mp3` }));
    const host = await openTestHost({ dataFolder: written(...disc(1), ...others, ...disc(2)).dataFolder });
    const { view, albums } = await open(host);
    expect(albums).toBe(1_101);
    const read: { readonly title: string; readonly tracks: number }[] = [];
    for (let from = 0; from < albums; from += 200)
      read.push(...((await host.calls.albums({ view, from, count: 200 })) ?? []));
    expect(read.filter(({ title }) => title === 'Long')).toMatchObject([{ tracks: 4 }]);
    expect(read.reduce((sum, { tracks }) => sum + tracks, 0)).toBe(1_104);
  });

  test('after a library was forgotten the next wall has nothing of it, however lately all was read', async () => {
    const ledger = shelf();
    ledger.add({ library: '/other', path: 'x/1.mp3', tags: { album: 'Elsewhere', artist: 'Who' } });
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const { view } = await open(host, { search: 'elsewhere' });
    createLibraries(ledger.db).forget(2);
    expect(await host.calls.albums({ view, from: 0, count: 9 })).toBeNull();
    expect(await open(host, { search: 'elsewhere' })).toMatchObject({ albums: 0 });
    expect(await titlesOf(host)).toHaveLength(6);
  });

  test('of an empty ledger is empty', async () => {
    const host = await openTestHost({ dataFolder: written().dataFolder });
    expect(await open(host)).toMatchObject({ albums: 0, letters: [] });
    expect(await rowsOf(host)).toEqual([]);
  });
});
