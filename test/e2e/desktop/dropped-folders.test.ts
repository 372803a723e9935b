import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { formatsFor } from '../../../shared/formats.ts';
import { writeDemoLibrary } from '../../../src-main/headless/demo/library.ts';
import { PATHS } from '../../electron-double/preload-shim.ts';
import { chromiumPath } from '../../kit/browser.ts';
import { builtApp, says } from '../../kit/desktop.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

/** As the double's windows speak. */
const formats = formatsFor('en-GB', 'UTC');
const AUDIO = new Set(['mp3', 'flac', 'wav', 'aiff', 'ogg', 'm4a']);

/** What lies in the folders, by a plain walk that knows nothing of Ledgerline's. */
const walked = (folders: readonly string[]) => {
  const sent = new Map<string, { files: number; bytes: number }>();
  const left = { empty: [] as string[], links: [] as string[], texts: [] as string[], others: 0 };
  const entries = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const kind = extname(entry.name).slice(1).toLowerCase();
    if (!AUDIO.has(kind)) left.others += 1;
    else if (entry.isSymbolicLink()) left.links.push(path);
    else if (statSync(path).size === 0) left.empty.push(path);
    else if (readFileSync(path).subarray(0, 4).toString() === 'Dear') left.texts.push(path);
    else {
      const { files, bytes } = sent.get(kind) ?? { files: 0, bytes: 0 };
      sent.set(kind, { files: files + 1, bytes: bytes + statSync(path).size });
    }
  }
  return { sent, left };
};

/** Drops them as the system does it, through Chromium's own machinery for what is dragged in from outside. */
const drop = async (page: Page, files: readonly string[]): Promise<void> => {
  const zone = page.getByRole('region', { name: 'Choosing folders' });
  const box = await zone.boundingBox();
  if (box === null) throw new Error('There is nowhere to drop anything');
  const place = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place, data });
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...place, data });
  await page.locator('[data-over]').waitFor();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...place, data });
  await page.locator('[data-over]').waitFor({ state: 'detached' });
  await session.detach();
};

describe.skipIf(chromiumPath === undefined)('folders that are dropped onto the first page', () => {
  const start = builtApp();

  test('are what the plan tells of: as many tracks and bytes of each kind as lie there, and why the rest is left out', async () => {
    const root = testFolder('dropped');
    const [first, second] = [join(root, 'Records'), join(root, 'Tapes & more')];
    await writeDemoLibrary(first);
    writeSongs(second, 12);
    writeSong(second, join('Loose', 'UPPER.MP3'), { seed: 900, bytes: 20_000 });
    for (const path of ['a.flac', 'b.mp3']) writeFileSync(join(second, path), '');
    writeFileSync(join(second, 'letter.mp3'), 'Dear Anna, '.repeat(500));
    writeFileSync(join(second, 'cover.jpg'), 'a picture');
    mkdirSync(join(second, 'Texts'));
    writeFileSync(join(second, 'Texts', 'notes.txt'), 'some words');
    writeSong(root, 'elsewhere.mp3', { seed: 901 });
    symlinkSync(join(root, 'elsewhere.mp3'), join(second, 'link.mp3'));

    const app = await start(testFolder('data'));
    const page = await app.page();
    await says(page, /Where is your music/);
    // More than anybody drops on purpose.
    const many = Array.from({ length: 101 }, (_, i) => join(root, `${i}.txt`));
    for (const path of many) writeFileSync(path, '');
    // Which paths stand behind them Electron tells its preload; everything else about the drop is Chromium's own.
    const paths = {
      Records: first,
      'Tapes & more': second,
      'elsewhere.mp3': join(root, 'elsewhere.mp3'),
    };
    const known = { ...paths, ...Object.fromEntries(many.map((path) => [basename(path), path])) };
    await page.evaluate(([name, all]) => Object.assign(globalThis, { [name]: all }), [PATHS, known] as const);
    const problem = page.getByText('Nothing of that was taken.');
    await drop(page, many);
    await problem.waitFor();
    await drop(page, Object.values(paths));
    const chosen = page.getByRole('list', { name: 'Chosen folders' });
    await chosen.getByText(second).waitFor();
    await chosen.getByText(first).waitFor();
    // The file among them is in neither, and is no folder.
    expect(await chosen.getByRole('listitem').count()).toBe(2);
    expect(await problem.count()).toBe(0);

    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('On this computer').click();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await says(page, /Ready when you are/);
    const { sent, left } = walked([first, second]);
    const all = [...sent.values()];
    const sum = (of: 'files' | 'bytes'): number => all.reduce((whole, each) => whole + each[of], 0);
    expect(sum('files')).toBe(37);
    await page
      .locator('.plan-sum', { hasText: `${sum('files')} tracks, ${formats.bytes(sum('bytes'))}.` })
      .waitFor();

    const textsOf = async (selector: string): Promise<readonly string[]> =>
      (await page.locator(selector).allTextContents()).toSorted();
    const kinds = [...sent].map(
      ([kind, { files, bytes }]) => `${kind}${files} tracks, ${formats.bytes(bytes)}`,
    );
    expect(await textsOf('.plan-sum ~ .pairs li')).toEqual(kinds.toSorted());
    const shown = (await textsOf('.left-out-list > li')).join('\n');
    const told = (count: number, reason: string): string =>
      `${count} ${count === 1 ? 'file' : 'files'}${reason}`;
    expect(shown).toContain(told(left.empty.length, ': The file is empty.'));
    expect(shown).toContain(told(left.links.length, ': This is a link and links are not followed.'));
    expect(shown).toContain(told(left.texts.length, ': The name says audio but the bytes are none'));
    expect(shown).toContain(told(left.others, ' of other kinds'));
    expect(await page.locator('.left-out-list > li').count()).toBe(4);
    for (const path of [...left.empty, ...left.links, ...left.texts]) expect(shown).toContain(path);

    // And that is what is done.
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, new RegExp(`All ${sum('files')} tracks are archived`));
    expect(app.world.offences).toEqual([]);
  }, 120_000);
});
