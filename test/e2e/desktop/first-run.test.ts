import { join } from 'node:path';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../kit/browser.ts';
import { startArchiveWorld } from '../../kit/archive-world.ts';
import { builtApp, callIn, says } from '../../kit/desktop.ts';
import { PATHS } from '../../electron-double/preload-shim.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

/** What the archive read from the files, by its own database. */
const titlesIn = (path: string): readonly (string | null)[] => {
  const db = new Database(path, { readonly: true });
  try {
    return db
      .prepare<[], { title: string | null }>('SELECT title FROM song')
      .all()
      .map(({ title }) => title);
  } finally {
    db.close();
  }
};

describe.skipIf(chromiumPath === undefined)('the desktop app, built, over the double of Electron', () => {
  const start = builtApp();

  test('from the first window to all archived on this computer', async () => {
    const music = testFolder('music');
    writeSongs(music, 6);
    await sharp({ create: { width: 400, height: 400, channels: 3, background: 'teal' } })
      .jpeg()
      .toFile(join(music, 'Album 0', 'cover.jpg'));
    const dataFolder = testFolder('data');
    const app = await start(dataFolder);
    const page = await app.page();
    await says(page, /Where is your music/);
    // A person looks, and changes their mind.
    await page.getByRole('button', { name: /Choose folders/ }).click();
    await page.getByText('Choose a folder to go on.').waitFor();
    expect(app.world.openDialogsShown).toMatchObject([{ properties: ['openDirectory', 'multiSelections'] }]);
    app.world.openDialogs.push({ canceled: false, filePaths: [music] });
    await page.getByRole('button', { name: /Choose folders/ }).click();
    await page.getByRole('list', { name: 'Chosen folders' }).getByText(music).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('On this computer').click();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await says(page, /Ready when you are/);
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, /All 6 tracks are archived/);
    // Helper processes, which main starts for the engine: the archive's reader of tags, and who makes covers small.
    const archiveDb = join(dataFolder, 'archive', 'archive.db');
    await waitFor('the tags', () => {
      const titles = titlesIn(archiveDb);
      return titles.length === 6 && titles.every((title) => title?.startsWith('Song '));
    });
    const { view } = await callIn(page, 'openAlbums', { filter: 'all', search: '' });
    const cover = await waitFor('the cover', async () => {
      const [album] = (await callIn(page, 'albums', { view, from: 0, count: 1 })) ?? [];
      return album?.cover;
    });
    const picture = await app.serve(`app://bundle/covers/${cover}-grey.webp`, 'GET');
    expect(picture?.headers.get('content-type')).toBe('image/webp');
    expect(
      Buffer.from((await picture?.bytes()) ?? [])
        .subarray(8, 12)
        .toString(),
    ).toBe('WEBP');
    expect(app.world.offences).toEqual([]);
    expect(app.world.refusedRequests).toEqual([]);
    await app.quit();
    expect(app.world.processes.has('Ledgerline engine')).toBe(false);
    await waitFor('its helpers to be gone', () => app.world.processes.size === 0);
  });

  test('a wrong password is told beside its field, the right one archives what was dropped', async () => {
    const folder = testFolder('dropped');
    const music = join(folder, 'Music');
    writeSongs(music, 3);
    writeSong(folder, 'single.mp3');
    const world = await startArchiveWorld();
    const account = await world.withPassword();
    if (account.kind !== 'password') throw new Error('An account with a password was asked for');
    const app = await start(testFolder('data'));
    const page = await app.page();
    await says(page, /Where is your music/);
    const paths = { Music: music, 'single.mp3': join(folder, 'single.mp3') };
    await page.evaluate(([name, known]) => Object.assign(globalThis, { [name]: known }), [
      PATHS,
      paths,
    ] as const);
    // As text, for the types of a browser are not these files'.
    const dropped = await page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      for (const name of ['Music', 'single.mp3', 'from nowhere']) data.items.add(new File([], name));
      return data;
    })()`);
    await page
      .getByRole('button', { name: /Choose folders/ })
      .dispatchEvent('drop', { dataTransfer: dropped });
    const chosen = page.getByRole('list', { name: 'Chosen folders' });
    await chosen.getByText(music).waitFor();
    // What is no folder, and what has no place on the disk, was left out.
    expect(await chosen.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByText('On a server').click();
    await page.getByLabel('Address of the archive').fill(world.proxy.origin);
    await page.getByLabel('E-mail').fill(account.email);
    const field = page.getByLabel('Password');
    await field.fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('input[type=password][aria-invalid=true]').waitFor();
    await field.fill(account.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await says(page, /Ready when you are/);
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, /All 3 tracks are archived/);
    expect(world.puts()).toBe(3);
    expect(app.world.offences).toEqual([]);
  });

  test('who comes second is told who has the data folder, and nothing is touched', async () => {
    const dataFolder = testFolder('data');
    const first = await start(dataFolder);
    await says(await first.page(), /Where is your music/);
    const second = await start(dataFolder);
    await second.app.ended;
    expect(second.world.messageBoxes).toEqual([
      expect.objectContaining({
        detail: expect.stringMatching(/already at work here \(the Ledgerline app, process \d+\)/),
      }),
    ]);
    // Of the same installation, it only brings the first to the front.
    const third = await start(dataFolder, { isSecond: true });
    await third.app.ended;
    expect(third.windows()).toEqual([]);
    await says(await first.page(), /Where is your music/);
  });
});
