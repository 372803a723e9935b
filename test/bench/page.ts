import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { ENVIRONMENT, NODE_FLAGS } from '../../scripts/lib/program.mjs';
import { ledgerPath } from '../../src-main/engine/ledger/ledger.ts';
import { launchChromium } from '../kit/browser.ts';
import { builtPage } from '../kit/built-page.ts';
import { waitFor } from '../kit/wait-for.ts';
import { ROOT } from '../structure/tracked.ts';
import { writeBigLedger } from './big-ledger.ts';

/**
 * How the page does with a large ledger: `npm run bench:page`. The real program serves the built page over loopback to
 * Chromium. Ends with a failure where a limit is missed. The ledger's files are not there, so albums show their letters.
 */

const MANY = 65_000;
const VERY_MANY = 1_000_000;
const MB = 1_000_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
}
const figures: Figure[] = [];
const note = (what: string, value: number, limit: number, unit: string): void => {
  figures.push({ what, value, limit, unit });
};

interface Served {
  readonly link: string;
  readonly stop: () => Promise<void>;
}

const serve = async (dataFolder: string): Promise<Served> => {
  const entry = join(ROOT, 'src-main', 'headless', 'main.ts');
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, entry, 'web', '--port', '0', '--data-dir', dataFolder],
    { env: { ...ENVIRONMENT, ...process.env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
  };
  for await (const line of createInterface(child.stdout)) {
    const link = /http:\/\/\S+/.exec(line)?.[0];
    if (link !== undefined) {
      child.stdout.resume();
      return { link, stop };
    }
  }
  throw new Error('The program ended without a link.');
};

/** In the page, before its own code: when the navigation was there, and every task that held the main thread up. */
const WATCH_FROM_START = `
  globalThis.seen = { shownAt: 0, tasks: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.querySelector('nav[aria-label="Views"] a') === null) requestAnimationFrame(look);
    else seen.shownAt = performance.now();
  };
  requestAnimationFrame(look);
`;

const SHOWN = { wall: '[role="gridcell"], .album', tracks: '.track-link' } as const;
type ListView = keyof typeof SHOWN;
const isThere = (page: Page, view: ListView): Promise<boolean> =>
  page
    .locator(`nav[aria-label="Views"] a[href="#${view}"]`)
    .count()
    .then((count) => count > 0);

/** @returns ms until its first rows were shown */
const open = async (page: Page, view: ListView): Promise<number> => {
  const begun = performance.now();
  await page.click(`nav[aria-label="Views"] a[href="#${view}"]`);
  await page.locator(SHOWN[view]).first().waitFor();
  return performance.now() - begun;
};

/** @returns the longest task in ms while somebody scrolls down, turn after turn of the wheel; 0 where none was of 50 ms */
const scroll = async (page: Page): Promise<number> => {
  await page.evaluate('seen.tasks.length = 0');
  const { width, height } = page.viewportSize() ?? { width: 1200, height: 780 };
  await page.mouse.move(width * 0.6, height * 0.7);
  for (let turn = 0; turn < 200; turn += 1) {
    await page.mouse.wheel(0, turn % 20 === 0 ? 20_000 : 500);
    await page.waitForTimeout(16);
  }
  return page.evaluate<number>('Math.max(0, ...seen.tasks)');
};

const heapBytes = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
};

/** @returns ms until what was typed had narrowed the list down */
const filter = async (page: Page): Promise<number> => {
  const before = await page.locator('h1').first().textContent();
  const begun = performance.now();
  await page.getByRole('searchbox').first().fill('77777');
  await waitFor('a narrower list', async () => (await page.locator('h1').first().textContent()) !== before);
  await page.locator(SHOWN.tracks).first().waitFor();
  return performance.now() - begun;
};

const withLedger = async (
  browser: Browser,
  tracks: number,
  measure: (page: Page) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'ledgerline-bench-'));
  try {
    writeBigLedger(folder, tracks);
    const db = new Database(ledgerPath(folder));
    db.exec(`INSERT OR REPLACE INTO setting (name, value) VALUES ('started', 'true')`);
    db.close();
    const { link, stop } = await serve(folder);
    try {
      const context = await browser.newContext({ viewport: { width: 1200, height: 780 } });
      const page = await context.newPage();
      await page.addInitScript(WATCH_FROM_START);
      await page.goto(link);
      await waitFor('home', () => page.evaluate<boolean>('seen.shownAt > 0'));
      await measure(page);
      await context.close();
    } finally {
      await stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await builtPage();
const browser = await launchChromium();
try {
  await withLedger(browser, MANY, async (page) => {
    note(`${MANY} tracks: home is there`, await page.evaluate<number>('seen.shownAt'), 1000, 'ms');
    for (const view of ['wall', 'tracks'] as const) {
      if (!(await isThere(page, view))) {
        note(`${MANY} tracks: there is no view of its ${view}`, 1, 0, '');
        continue;
      }
      note(`${MANY} tracks: ${view} is open`, await open(page, view), 1000, 'ms');
      note(`${MANY} tracks: longest task while the ${view} scrolls`, await scroll(page), 50, 'ms');
    }
    note(`${MANY} tracks: heap of the page`, (await heapBytes(page)) / MB, 150, 'MB');
  });
  await withLedger(browser, VERY_MANY, async (page) => {
    note(`${VERY_MANY} tracks: home is there`, await page.evaluate<number>('seen.shownAt'), 1000, 'ms');
    if (!(await isThere(page, 'tracks'))) return note(`${VERY_MANY} tracks: there is no table`, 1, 0, '');
    note(`${VERY_MANY} tracks: the table is open`, await open(page, 'tracks'), 1000, 'ms');
    note(`${VERY_MANY} tracks: the table is filtered`, await filter(page), 1000, 'ms');
    note(`${VERY_MANY} tracks: heap of the page`, (await heapBytes(page)) / MB, 150, 'MB');
  });
} finally {
  await browser.close();
}

say('| what | measured | limit |');
say('| ---- | -------- | ----- |');
for (const { what, value, limit, unit } of figures)
  say(
    `| ${what} | ${value.toFixed(0)} ${unit} | at most ${limit} ${unit} |${value > limit ? ' MISSED' : ''}`,
  );
process.exitCode = figures.some(({ value, limit }) => value > limit) ? 1 : 0;
