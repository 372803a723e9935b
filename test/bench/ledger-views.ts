import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AlbumsWanted } from '../../shared/bridge/albums.ts';
import type { TracksWanted } from '../../shared/bridge/tracks.ts';
import { ledgerPath } from '../../src-main/engine/ledger/ledger.ts';
import { openViews } from '../../src-main/engine/views/views.ts';
import { nodeLaunch } from '../../src-main/headless/launch.ts';
import { writeBigLedger } from './big-ledger.ts';

/**
 * How long the views of a large ledger take, asked as the page asks: `npm run bench:views [-- --tracks 65000]`. In
 * milliseconds, three times each or `--times`; in brackets the time that processors were at work, which other programs do not add to.
 */

const { values } = parseArgs({
  options: { tracks: { type: 'string', multiple: true }, times: { type: 'string', default: '3' } },
});
const sizes = (values.tracks ?? ['65000', '1000000']).map(Number);
const times = Number(values.times);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const ALL_TRACKS: TracksWanted = { outcome: null, search: '', order: 'path', descending: false, album: null };
const ALL_ALBUMS: AlbumsWanted = { filter: 'all', search: '' };
const TABLES: readonly (readonly [string, Partial<TracksWanted>])[] = [
  ['all, by path', {}],
  ['all, by name', { order: 'name' }],
  ['all, by size', { order: 'size', descending: true }],
  ['all, by when', { order: 'when' }],
  ['archived', { outcome: 'archived' }],
  ['archived, by when', { outcome: 'archived', order: 'when' }],
  ['archived, by size', { outcome: 'archived', order: 'size' }],
  ['archived, by name', { outcome: 'archived', order: 'name' }],
  ['waiting', { outcome: 'waiting' }],
  ['waiting, by name', { outcome: 'waiting', order: 'name' }],
  ['failed', { outcome: 'failed' }],
  ['skipped', { outcome: 'skipped' }],
  ['missing', { outcome: 'missing' }],
  ['search: a word in few titles', { search: '77777' }],
  ['search: a word in all paths', { search: 'band' }],
  ['search: with an accent', { search: 'bänd 03' }],
  ['search: one letter', { search: 'x' }],
  ['search: found nowhere', { search: 'zzzz' }],
  ['search among archived, by size', { outcome: 'archived', search: 'number 99', order: 'size' }],
];

for (const tracks of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'ledgerline-bench-'));
  try {
    const begun = performance.now();
    writeBigLedger(folder, tracks);
    say(`\n${tracks} tracks (written in ${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    const views = openViews(nodeLaunch, ledgerPath(folder), (error) => {
      throw error;
    });
    const time = async (name: string, ask: () => Promise<string>): Promise<void> => {
      let told = '';
      let shown = '';
      for (let i = 0; i < times; i += 1) {
        const used = process.cpuUsage();
        const started = performance.now();
        told = await ask();
        const passed = performance.now() - started;
        const { user, system } = process.cpuUsage(used);
        shown += `${passed.toFixed(0).padStart(6)} (${((user + system) / 1000).toFixed(0)})`.padEnd(14);
      }
      say(`${name.padEnd(34)}${shown} ${told}`);
    };
    await time('the first question', async () => String((await views.ask('placeOf', 1)) !== null));
    await time('all, by path, its first rows', async () => {
      const { view, tracks: found } = await views.ask('openTracks', ALL_TRACKS);
      const rows = await views.ask('tracks', { view, from: 0, count: 200 });
      return `${found} found, ${rows?.length ?? 0} of them shown`;
    });
    for (const [name, wanted] of TABLES)
      await time(name, async () => {
        const { view, tracks: found } = await views.ask('openTracks', { ...ALL_TRACKS, ...wanted });
        const rows = await views.ask('tracks', { view, from: Math.floor(found / 2), count: 200 });
        return `${found} found, ${rows?.length ?? 0} of them shown`;
      });
    await time('one track', async () => String((await views.ask('track', Math.floor(tracks / 2)))?.path));
    for (const [name, wanted] of [
      ['albums', {}],
      ['albums, whole', { filter: 'whole' }],
      ['albums, search', { search: 'band 00' }],
    ] as const)
      await time(name, async () => {
        const opened = await views.ask('openAlbums', { wanted: { ...ALL_ALBUMS, ...wanted }, sending: [] });
        const slice = { view: opened.view, from: Math.floor(opened.albums / 2), count: 200 };
        const rows = await views.ask('albums', { slice, sending: [] });
        return `${opened.albums} found, ${rows?.length ?? 0} of them shown`;
      });
    await views.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
say(`\nmemory of the program, at most: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
