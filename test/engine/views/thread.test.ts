import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LONGEST_PAGE } from '../../../shared/bridge/fields.ts';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import type { Launch, Thread } from '../../../shared/launch.ts';
import { ledgerPath } from '../../../src-main/engine/ledger/ledger.ts';
import { openViews } from '../../../src-main/engine/views/views.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { writeBigLedger } from '../../bench/big-ledger.ts';
import { openTestHost } from '../../kit/host.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { type WrittenTrack, writeLedger } from './written-ledger.ts';

const EVERYTHING: TracksWanted = { outcome: null, search: '', order: 'path', descending: false, album: null };

/** Views in a real thread, and the threads that were started for them. */
const viewsOf = (path: string) => {
  const faults: unknown[] = [];
  const threads: Thread[] = [];
  const launch: Launch = {
    ...nodeLaunch,
    thread: (name, data) => {
      const thread = nodeLaunch.thread(name, data);
      threads.push(thread);
      return thread;
    },
  };
  const views = openViews(launch, path, (error) => void faults.push(error));
  onTestFinished(views.close);
  return { views, threads, faults };
};
const written = (...tracks: readonly WrittenTrack[]) => {
  const { dataFolder } = writeLedger(tracks, onTestFinished);
  return viewsOf(ledgerPath(dataFolder));
};
const place = (path: string) => {
  const [folderPath = '', name = ''] = path.split('/');
  return { libraryPath: Buffer.from('/music'), folderPath: Buffer.from(folderPath), name: Buffer.from(name) };
};

describe('the thread of the views', () => {
  test('is not started before something is asked, and once for all', async () => {
    const { views, threads } = written({ path: 'a.mp3' });
    expect(threads).toHaveLength(0);
    const opened = await Promise.all([
      views.ask('openTracks', EVERYTHING),
      views.ask('openTracks', EVERYTHING),
    ]);
    expect(opened.map(({ tracks }) => tracks)).toEqual([1, 1]);
    expect(threads).toHaveLength(1);
  });

  test('that dies refuses what it was asked; the next question is answered by another, and old views are given up', async () => {
    const { views, threads, faults } = written({ path: 'a.mp3' });
    const { view } = await views.ask('openTracks', EVERYTHING);
    const died = threads[0]?.terminate();
    await expect(views.ask('openTracks', EVERYTHING)).rejects.toMatchObject({ code: 'views_broken' });
    await died;
    expect(await views.ask('tracks', { view, from: 0, count: 1 })).toBeNull();
    expect((await views.ask('openTracks', EVERYTHING)).tracks).toBe(1);
    expect(threads).toHaveLength(2);
    expect(faults).toMatchObject([{ code: 'views_broken' }]);
  });

  test('that finds no ledger says so, to everybody who asks', async () => {
    const { dataFolder } = writeLedger([], onTestFinished);
    const path = ledgerPath(dataFolder);
    const { views } = viewsOf(path);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    await expect(views.ask('track', 1)).rejects.toMatchObject({ code: 'views_broken' });
    await expect(views.ask('track', 1)).rejects.toMatchObject({ code: 'views_broken' });
  });

  test('that finds a damaged ledger refuses; a host says what became of it', async () => {
    const folder = testFolder('data');
    const path = ledgerPath(folder);
    writeFileSync(path, 'this is no database, however long one looks at it'.repeat(100));
    await expect(viewsOf(path).views.ask('track', 1)).rejects.toMatchObject({ code: 'views_broken' });
    const host = await openTestHost({ dataFolder: folder });
    expect((await host.calls.openTracks(EVERYTHING)).tracks).toBe(0);
    expect((await host.calls.state(null)).trouble?.code).toBe('ledger_damaged');
  });

  test('is gone when the views are closed, and so is what it was asked', async () => {
    const { views, faults } = written({ path: 'a.mp3' });
    const asked = views.ask('openTracks', EVERYTHING);
    await Promise.all([expect(asked).rejects.toMatchObject({ code: 'views_broken' }), views.close()]);
    await expect(views.ask('openTracks', EVERYTHING)).rejects.toMatchObject({ code: 'views_broken' });
    expect(faults).toEqual([]);
  });
});

describe('an album of which something is being sent', () => {
  test('is under way, in its row, its filter and nowhere else', async () => {
    const { views } = written(
      { path: 'one/1.mp3', tags: { album: 'One' } },
      { path: 'one/2.mp3' },
      { path: 'two/1.mp3' },
    );
    const sending = [place('one/2.mp3'), place('nowhere/x.mp3')];
    const ask = (filter: 'under_way' | 'all') =>
      views.ask('openAlbums', { wanted: { filter, search: '' }, sending });
    const { counts, albums } = await ask('under_way');
    expect([counts.under_way, counts.to_come, albums]).toEqual([1, 1, 1]);
    const { view } = await ask('all');
    const rows = await views.ask('albums', { slice: { view, from: 0, count: 9 }, sending });
    expect(rows?.map(({ title, underWay }) => [title, underWay])).toEqual([
      ['One', true],
      ['two', false],
    ]);
    const later = await views.ask('albums', { slice: { view, from: 0, count: 9 }, sending: [] });
    expect(later?.some(({ underWay }) => underWay)).toBe(false);
  });
});

describe('a ledger of 65,000 tracks', () => {
  test('the table is answered while all albums are being read', async () => {
    const dataFolder = testFolder('data');
    writeBigLedger(dataFolder, 65_000);
    const { views } = viewsOf(ledgerPath(dataFolder));
    const answered: string[] = [];
    const wall = views.ask('openAlbums', { wanted: { filter: 'all', search: '' }, sending: [] });
    const table = views.ask('openTracks', EVERYTHING);
    await Promise.all([wall.then(() => answered.push('wall')), table.then(() => answered.push('table'))]);
    expect(answered).toEqual(['table', 'wall']);
  });

  test('is shown whole, slice by slice, and adds up', async () => {
    const dataFolder = testFolder('data');
    writeBigLedger(dataFolder, 65_000);
    const host = await openTestHost({ dataFolder });
    const { standing } = await host.calls.state(null);
    const seen = new Map<string, number>();
    const ids = new Set<number>();
    const { view, tracks } = await host.calls.openTracks(EVERYTHING);
    expect(tracks).toBe(standing.found);
    for (let from = 0; from < tracks; from += 50 * LONGEST_PAGE) {
      const rows = (await host.calls.tracks({ view, from, count: LONGEST_PAGE })) ?? [];
      expect(rows).toHaveLength(Math.min(LONGEST_PAGE, tracks - from));
      for (const { id } of rows) ids.add(id);
    }
    expect(ids.size).toBeGreaterThan(1_000);
    for (const outcome of ['archived', 'waiting', 'failed', 'skipped'] as const)
      seen.set(outcome, (await host.calls.openTracks({ ...EVERYTHING, outcome })).tracks);
    const { archived, waiting, failed, skipped } = standing;
    expect(Object.fromEntries(seen)).toEqual({ archived, waiting, failed, skipped });

    const wall = await host.calls.openAlbums({ filter: 'all', search: '' });
    let sum = 0;
    for (let from = 0; from < wall.albums; from += LONGEST_PAGE) {
      const rows = (await host.calls.albums({ view: wall.view, from, count: LONGEST_PAGE })) ?? [];
      sum += rows.reduce((total, row) => total + row.tracks, 0);
    }
    expect(sum).toBe(standing.found);
    expect(wall.counts.whole + wall.counts.under_way + wall.counts.to_come).toBeLessThanOrEqual(
      wall.counts.all,
    );
  });
});
