import { describe, expect, onTestFinished, test } from 'vitest';
import { sliceSchema } from '../../../shared/bridge/fields.ts';
import { CALLS } from '../../../shared/bridge/calls.ts';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import { createLibraries } from '../../../src-main/engine/ledger/libraries.ts';
import { openTestHost, type TestHost } from '../../kit/host.ts';
import {
  ARCHIVE,
  OTHER_ARCHIVE,
  type WrittenLedger,
  type WrittenTrack,
  writeLedger,
} from './written-ledger.ts';

const EVERYTHING: TracksWanted = {
  outcome: null,
  search: '',
  order: 'path',
  descending: false,
  album: null,
};

const written = (...tracks: readonly WrittenTrack[]): WrittenLedger => writeLedger(tracks, onTestFinished);

const rowsOf = async (host: TestHost, wanted: Partial<TracksWanted> = {}) => {
  const { view, tracks } = await host.calls.openTracks({ ...EVERYTHING, ...wanted });
  const rows = await host.calls.tracks(sliceSchema.parse({ view, from: 0, count: 200 }));
  CALLS.tracks.output.parse(rows);
  expect(rows).toHaveLength(Math.min(tracks, 200));
  return rows ?? [];
};
const pathsOf = async (host: TestHost, wanted: Partial<TracksWanted> = {}): Promise<readonly string[]> =>
  (await rowsOf(host, wanted)).map(({ path }) => path);

const ARCHIVED = { state: 'archived', song_id: null, archived_at: 5_000, confirmed_at: 5_000 } as const;

/** One of each outcome. */
const mixed = (): WrittenLedger =>
  written(
    {
      path: 'b/two.mp3',
      tags: { title: 'Two', artist: 'Björk', album: 'Debut' },
      bytes: 300,
      holding: ARCHIVED,
    },
    { path: 'b/one.mp3', tags: { title: 'One' }, bytes: 200, holding: { state: 'open' } },
    { path: 'a/unread.mp3', bytes: 50 },
    { path: 'a/empty.mp3', state: 'skipped', reason: 'empty', bytes: 0 },
    { path: 'a/shut.mp3', state: 'failed', reason: 'no_permission' },
    { path: 'a/gone.mp3', state: 'missing', tags: {}, holding: ARCHIVED },
    {
      path: 'top.mp3',
      tags: { title: 'Top' },
      holding: {
        state: 'failed',
        failure_class: 'refused',
        failure_code: 'too_large',
        failure_message: 'Too large. Ask.',
      },
    },
  );

describe('the table of tracks', () => {
  test('has every track but the missing ones, in the order of their paths, with what is known of each', async () => {
    const host = await openTestHost({ dataFolder: mixed().dataFolder });
    const rows = await rowsOf(host);
    expect(rows.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['top.mp3', 'failed'],
      ['a/empty.mp3', 'skipped'],
      ['a/shut.mp3', 'failed'],
      ['a/unread.mp3', 'waiting'],
      ['b/one.mp3', 'waiting'],
      ['b/two.mp3', 'archived'],
    ]);
    expect(rows.at(-1)).toEqual({
      id: expect.any(Number),
      path: 'b/two.mp3',
      title: 'Two',
      artist: 'Björk',
      album: 'Debut',
      bytes: 300,
      outcome: 'archived',
      archivedAt: 5_000,
      reason: null,
    });
    expect(rows.map(({ reason }) => reason)).toEqual([
      'Too large.',
      'The file is empty.',
      'We may not read this file.',
      null,
      null,
      null,
    ]);
  });

  test('by outcome it has as many as the totals say', async () => {
    const host = await openTestHost({ dataFolder: mixed().dataFolder });
    const { standing } = await host.calls.state(null);
    const counted = await Promise.all(
      (['archived', 'waiting', 'failed', 'skipped'] as const).map(async (outcome) => {
        const { tracks } = await host.calls.openTracks({ ...EVERYTHING, outcome });
        return [outcome, tracks] as const;
      }),
    );
    const { archived, waiting, failed, skipped, found } = standing;
    expect(Object.fromEntries(counted)).toEqual({ archived, waiting, failed, skipped });
    expect(await pathsOf(host)).toHaveLength(found);
    expect(await pathsOf(host, { outcome: 'missing' })).toEqual(['a/gone.mp3']);
  });

  test('in other orders, both ways', async () => {
    const host = await openTestHost({ dataFolder: mixed().dataFolder });
    expect(await pathsOf(host, { order: 'name' })).toEqual([
      'a/empty.mp3',
      'b/one.mp3',
      'a/shut.mp3',
      'top.mp3',
      'b/two.mp3',
      'a/unread.mp3',
    ]);
    const bySize = await pathsOf(host, { order: 'size' });
    expect(bySize.at(-1)).toBe('b/two.mp3');
    expect(await pathsOf(host, { order: 'size', descending: true })).toEqual(bySize.toReversed());
  });

  test('by when: the newest first, or the oldest; what is not archived comes last either way', async () => {
    const ledger = mixed();
    for (const at of [4_000, 4_294_967_296_000, 6_000, 4_294_967_295_999])
      ledger.add({ path: `at/${at}`, tags: {}, holding: { state: 'archived', archived_at: at } });
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const times = async (descending: boolean) =>
      (await rowsOf(host, { order: 'when', descending })).map(({ archivedAt }) => archivedAt);
    const newest = [4_294_967_296_000, 4_294_967_295_999, 6_000, 5_000, 4_000];
    const never = [null, null, null, null, null];
    expect(await times(false)).toEqual([...newest, ...never]);
    expect(await times(true)).toEqual([...newest.toReversed(), ...never]);
  });

  test('is searched in path, title, artist and album, whatever the case and the accents', async () => {
    const ledger = mixed();
    ledger.add({ path: 'Sigur Rós/() \n"x"/Ágætis.mp3', tags: { title: 'Svefn-g-englar', genre: 'Genre' } });
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const found = (search: string) => pathsOf(host, { search });
    expect(await found('bjork DEBUT two')).toEqual(['b/two.mp3']);
    expect(await found('UNREAD')).toEqual(['a/unread.mp3']);
    expect(await found('b/')).toEqual(['b/one.mp3', 'b/two.mp3']);
    for (const search of ['ro\u0301s agaetis', 'englar', 'ÁGÆTIS', '"x"', 'Sigur Rós/()'])
      expect(await found(search)).toHaveLength(1);
    for (const search of ['genre', 'two unread', '%', '_']) expect(await found(search)).toEqual([]);
    expect(await pathsOf(host, { search: 'mp3', outcome: 'archived' })).toEqual(['b/two.mp3']);
  });

  test('is empty for a new ledger, and a slice beyond the end has nothing', async () => {
    const host = await openTestHost({ dataFolder: written().dataFolder });
    const opened = await host.calls.openTracks(EVERYTHING);
    expect(opened.tracks).toBe(0);
    expect(await host.calls.tracks({ view: opened.view, from: 0, count: 200 })).toEqual([]);
    expect(await host.calls.tracks({ view: opened.view, from: 5_000, count: 1 })).toEqual([]);
  });

  test('keeps its order while the ledger changes, and shows what is true now', async () => {
    const ledger = mixed();
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const { view } = await host.calls.openTracks(EVERYTHING);
    ledger.add({ path: 'a/a.mp3' });
    ledger.db.exec(`UPDATE track SET state = 'missing' WHERE name = CAST('unread.mp3' AS BLOB)`);
    const rows = await host.calls.tracks({ view, from: 3, count: 2 });
    expect(rows?.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['a/unread.mp3', 'missing'],
      ['b/one.mp3', 'waiting'],
    ]);
  });

  test('is given up where a library was forgotten: rows must not stand at the wrong places', async () => {
    const ledger = mixed();
    ledger.add({ library: '/other', path: 'x.mp3' });
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const { view, tracks } = await host.calls.openTracks(EVERYTHING);
    expect(tracks).toBe(7);
    createLibraries(ledger.db).forget(2);
    expect(await host.calls.tracks({ view, from: 0, count: 200 })).toBeNull();
    expect(await host.calls.tracks({ view, from: 0, count: 1 })).toBeNull();
    expect((await host.calls.openTracks(EVERYTHING)).tracks).toBe(6);
  });

  test('after another archive was chosen nothing is called archived that is not there', async () => {
    const ledger = mixed();
    const host = await openTestHost({ dataFolder: ledger.dataFolder });
    const { view } = await host.calls.openTracks({ ...EVERYTHING, outcome: 'archived' });
    ledger.choose(OTHER_ARCHIVE);
    expect(await host.calls.tracks({ view, from: 0, count: 9 })).toMatchObject([
      { path: 'b/two.mp3', outcome: 'waiting', archivedAt: null },
    ]);
    expect(await pathsOf(host, { outcome: 'archived' })).toEqual([]);
    ledger.choose(null);
    expect(await pathsOf(host, { outcome: 'waiting' })).toHaveLength(4);
    ledger.choose(ARCHIVE);
    expect(await pathsOf(host, { outcome: 'archived' })).toHaveLength(1);
  });

  test('of several that are open the oldest are given up', async () => {
    const host = await openTestHost({ dataFolder: mixed().dataFolder });
    const first = await host.calls.openTracks(EVERYTHING);
    for (let i = 0; i < 8; i += 1) await host.calls.openTracks(EVERYTHING);
    expect(await host.calls.tracks({ view: first.view, from: 0, count: 1 })).toBeNull();
    expect(await host.calls.tracks({ view: 1, from: 0, count: 1 })).toBeNull();
  });
});
