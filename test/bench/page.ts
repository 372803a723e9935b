import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
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
 * Beside the longest task stands the most that one computed: another program that takes the processor away in the middle
 * of a task makes the first longer, and hardly the second.
 */

const MANY = 65_000;
const VERY_MANY = 1_000_000;
const MB = 1_000_000;
/** To end with a figure on a machine that is busy too. */
const PATIENCE_MS = 180_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Figure {
  readonly what: string;
  readonly value: number;
  /** null: to be known only. */
  readonly limit: number | null;
  readonly unit: string;
}
const figures: Figure[] = [];
const note = (what: string, value: number, limit: number | null, unit: string): void => {
  figures.push({ what, value, limit, unit });
};

const isMissed = (value: number, limit: number | null): boolean => limit !== null && value > limit;

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

/** In the page, before its own code: when the navigation was there. */
const WATCH_FROM_START = `
  globalThis.seen = { shownAt: 0 };
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

/** The longest task of the page's main thread, and the most that one computed, in ms. */
interface Longest {
  readonly passed: number;
  readonly computing: number;
}

/** Microseconds; only what is read of Chromium's trace. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const longestIn = (trace: Buffer): Longest => {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = traceEvents.filter(
    (event) => event.name.endsWith('RunTask') && event.dur !== undefined && pages.has(threadOf(event)),
  );
  if (tasks.length === 0) throw new Error('Chromium told of no task of the page.');
  const most = (of: (event: TraceEvent) => number): number =>
    tasks.reduce((longest, event) => Math.max(longest, of(event)), 0) / 1000;
  return { passed: most(({ dur = 0 }) => dur), computing: most(({ tdur = 0 }) => tdur) };
};

/** Somebody scrolls down, turn after turn of the wheel. */
const scroll = async (browser: Browser, page: Page): Promise<Longest> => {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const { width, height } = page.viewportSize() ?? { width: 1200, height: 780 };
  await page.mouse.move(width * 0.6, height * 0.7);
  for (let turn = 0; turn < 200; turn += 1) {
    await page.mouse.wheel(0, turn % 20 === 0 ? 20_000 : 500);
    await page.waitForTimeout(16);
  }
  return longestIn(await browser.stopTracing());
};

const heapBytes = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
};

/** @returns ms until the first rows of another list than before were shown */
const narrow = async (page: Page, act: () => Promise<void>): Promise<number> => {
  const rows = await page.locator('.table').getAttribute('aria-rowcount');
  const begun = performance.now();
  await act();
  await page.locator(`.table:not([aria-rowcount="${rows}"]) ${SHOWN.tracks}`).first().waitFor();
  return performance.now() - begun;
};

const search = (page: Page, text: string): Promise<number> =>
  narrow(page, () => page.getByRole('searchbox').first().fill(text));

const filter = (page: Page, state: string): Promise<number> =>
  narrow(page, () => page.getByRole('radio', { name: state, exact: true }).click());

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
      context.setDefaultTimeout(PATIENCE_MS);
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
      const { passed, computing } = await scroll(browser, page);
      note(`${MANY} tracks: longest task while the ${view} scrolls`, passed, 50, 'ms');
      note(`${MANY} tracks: most computing in one of these tasks`, computing, null, 'ms');
    }
    note(`${MANY} tracks: heap of the page`, (await heapBytes(page)) / MB, 150, 'MB');
  });
  await withLedger(browser, VERY_MANY, async (page) => {
    note(`${VERY_MANY} tracks: home is there`, await page.evaluate<number>('seen.shownAt'), 1000, 'ms');
    if (!(await isThere(page, 'tracks'))) return note(`${VERY_MANY} tracks: there is no table`, 1, 0, '');
    note(`${VERY_MANY} tracks: the table is open`, await open(page, 'tracks'), 1000, 'ms');
    note(`${VERY_MANY} tracks: the table is searched`, await search(page, '77777'), 1000, 'ms');
    await search(page, '');
    note(`${VERY_MANY} tracks: what is left out`, await filter(page, 'Left out'), 1000, 'ms');
    note(`${VERY_MANY} tracks: what waits`, await filter(page, 'Waiting'), 1000, 'ms');
    note(`${VERY_MANY} tracks: heap of the page`, (await heapBytes(page)) / MB, 150, 'MB');
  });
} finally {
  await browser.close();
}

say('| what | measured | limit |');
say('| ---- | -------- | ----- |');
for (const { what, value, limit, unit } of figures)
  say(
    `| ${what} | ${value.toFixed(0)} ${unit} | ${limit === null ? '' : `at most ${limit} ${unit}`} |${isMissed(value, limit) ? ' MISSED' : ''}`,
  );
say(
  `load of the machine, over 1 and 5 minutes: ${loadavg()
    .slice(0, 2)
    .map((load) => load.toFixed(1))
    .join(', ')}`,
);
process.exitCode = figures.some(({ value, limit }) => isMissed(value, limit)) ? 1 : 0;
