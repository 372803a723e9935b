import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launchChromium, watchedPage } from '../kit/browser.ts';
import { builtPage } from '../kit/built-page.ts';
import { writeSong } from '../kit/songs.ts';

/**
 * Takes the pictures of the page that README and docs show, from a real run over a small library of made-up music:
 *
 *   node test/tools/pictures.ts
 */

const PICTURES = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../src-main/headless/main.ts', import.meta.url));
/** It is to be seen in the pictures, so it has a plain name. */
const HOME = join(tmpdir(), 'anna');

const ARTISTS = [
  'Ana Duarte',
  'Ilse Brandt Trio',
  'Kestrel',
  'Low Harbour',
  'Łucja Wójcik',
  'Orla Quist',
  'The Paper Rivers',
];
const ALBUMS = ['Fahrplan', 'Glass Orchard', 'Harbour Sessions', 'Zimowe listy'];
const TITLES = ['Blue in Amber', 'Nachtzug', 'Ledger Lines', 'Śpiew', 'Side B, Part II', 'June, Again'];

/** A made-up sleeve: a field, a disc and a horizon, each in a colour of its own. */
const sleeve = (seed: number): Promise<Buffer> => {
  const hue = (seed * 47) % 360;
  const disc = `<circle cx="${90 + (seed % 5) * 30}" cy="${80 + (seed % 3) * 25}" r="${40 + (seed % 4) * 12}" fill="hsl(${hue + 60}, 70%, 78%)"/>`;
  const horizon = `<rect y="${170 + (seed % 4) * 20}" width="300" height="300" fill="hsl(${hue + 170}, 45%, 32%)"/>`;
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" fill="hsl(${hue}, 50%, 52%)"/>${disc}${horizon}</svg>`,
    ),
  )
    .jpeg()
    .toBuffer();
};

const writeMusic = async (): Promise<void> => {
  let seed = 0;
  let albums = 0;
  for (const artist of ARTISTS)
    for (const album of ALBUMS) {
      const folder = join(HOME, 'Music', artist, album);
      mkdirSync(folder, { recursive: true });
      albums += 1;
      // Some have none, as it is in life.
      if (albums % 6 !== 0) writeFileSync(join(folder, 'cover.jpg'), await sleeve(albums));
      for (const title of TITLES) {
        seed += 1;
        writeSong(HOME, `Music/${artist}/${album}/${title}.mp3`, {
          title,
          artist,
          album,
          seed,
          bytes: 150_000 + (seed % 9) * 40_000,
        });
      }
    }
  writeFileSync(join(HOME, 'Music', 'Kestrel', 'Fahrplan', 'Never finished.mp3'), '');
};

const ledgerline = (...args: readonly string[]) =>
  spawn(process.execPath, [PROGRAM, ...args, '--data-dir', join(HOME, '.ledgerline')], {
    env: { ...process.env, LEDGERLINE_TEST_RESERVE_BYTES: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const take = async (page: Page, name: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.mouse.move(0, 0);
    // What eases has come to rest.
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
  }
};

const VIEWS = [
  ['The wall', 'wall'],
  ['Tracks', 'tracks'],
  ['Archive', 'archive'],
  ['Needs attention', 'attention'],
  ['Settings', 'settings'],
] as const;

const archivedOf = async (page: Page): Promise<number> =>
  Number.parseInt((await page.getByRole('heading', { level: 1 }).textContent()) ?? '', 10);

const walkThrough = async (page: Page): Promise<void> => {
  await page.getByRole('row', { name: HOME }).click();
  await page.getByRole('row', { name: 'Music' }).click();
  await page.getByText(join(HOME, 'Music')).waitFor();
  await take(page, 'welcome');
  await page.getByRole('button', { name: 'Choose this folder' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('On this computer').click();
  await page.getByRole('button', { name: 'Keep it here' }).click();
  await page.getByText('How long').waitFor();
  await take(page, 'plan');
  await page.getByRole('button', { name: 'Start' }).click();
  while (!((await archivedOf(page)) >= 70)) await page.waitForTimeout(250);
  await take(page, 'tonight');
  for (const [name, view] of VIEWS) {
    await page.getByRole('link', { name }).first().click();
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Looking at' }).waitFor();
    await page.waitForLoadState('networkidle');
    await take(page, view);
  }
  await page.getByRole('link', { name: 'Tracks' }).first().click();
  await page.getByRole('row').nth(1).getByRole('link').click();
  await page.getByText('Checksums').waitFor();
  await take(page, 'track');
};

if (existsSync(HOME)) throw new Error(`${HOME} is there already; take it away first`);
try {
  await writeMusic();
  mkdirSync(PICTURES, { recursive: true });
  await builtPage();
  await once(ledgerline('settings', '--limit', '1MB/s', '--concurrent', '5'), 'close');
  const program = ledgerline('web', '--port', '0', '--root', HOME);
  const ended = once(program, 'close');
  const link = await new Promise<string>((resolve) => {
    program.stdout.on('data', (text: Buffer) => {
      const found = /http:\/\/\S+/.exec(text.toString());
      if (found !== null) resolve(found[0]);
    });
  });
  const browser = await launchChromium();
  try {
    const { page, offences } = await watchedPage(browser, new URL(link).origin);
    await page.goto(link);
    await walkThrough(page);
    if (offences.length > 0) throw new Error(offences.join('\n'));
  } finally {
    await browser.close();
    program.kill('SIGINT');
    await ended;
  }
} finally {
  rmSync(HOME, { recursive: true, force: true });
}
