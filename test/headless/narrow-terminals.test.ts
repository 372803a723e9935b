import { describe, expect, test } from 'vitest';
import type { TrackEvent } from '../../shared/run.ts';
import { NO_TRACKS } from '../../src-main/engine/ledger/totals.ts';
import { trackLine } from '../../src-main/headless/commands/track-line.ts';
import type { Findings } from '../../src-main/engine/plan/findings.ts';
import { planFor } from '../../src-main/headless/dry-run/plan.ts';
import { dryRunText } from '../../src-main/headless/dry-run/text.ts';
import { HELP } from '../../src-main/headless/help.ts';
import { fitted } from '../../src-main/headless/terminal/fitted.ts';
import { formatsFor } from '../../shared/formats.ts';
import { PLAIN } from '../../src-main/headless/terminal/paint.ts';
import { widthOf } from '../../src-main/headless/terminal/width.ts';
import { hintFor } from '../../src-main/headless/typed.ts';
import { ledgerline } from './support/ledgerline.ts';
import { runInTerminal } from './support/pseudo-terminal.ts';
import { libraryOf, put } from './support/music.ts';

const formats = formatsFor('en-GB', 'UTC');
const widest = (text: string): number => Math.max(...text.split('\n').map(widthOf));
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

describe('a help text', () => {
  test.each([50, 60, 80, 100, Number.POSITIVE_INFINITY])('fits into %d columns', (columns) => {
    for (const [name, text] of Object.entries(HELP)) {
      const typedByNpm = text.replaceAll('ledgerline ', 'npm start -- ');
      const shown = fitted(typedByNpm, columns);
      expect({ name, widest: widest(shown) <= Math.min(columns, 100) }).toEqual({ name, widest: true });
      expect(words(shown)).toEqual(words(typedByNpm));
    }
  });

  test('goes on under its second column, or below the first where that is wide', () => {
    const text = '  --name VALUE   says one thing and then another\n';
    expect(fitted(text, 40)).toBe('  --name VALUE   says one thing and then\n                 another\n');
    expect(fitted(text, 30)).toBe('  --name VALUE\n      says one thing and then\n      another\n');
  });

  test('is fitted to the terminal that it is shown in', async () => {
    const { dataFolder } = ledgerline();
    const shown = runInTerminal(['help', 'sync'], { LEDGERLINE_DATA: dataFolder });
    await shown.done;
    expect(widest(shown.output().replaceAll('\r', ''))).toBeLessThanOrEqual(80);
  });
});

test('a file with a long reason has it below, broken between words', () => {
  const event: TrackEvent = {
    outcome: 'failed',
    path: '/music/A rather long name of a song that somebody once wrote down.flac',
    bytes: 1000,
    seconds: 1,
    message: 'The disk could not read this file. Check the disk and its cable; it is tried again by itself.',
  };
  const [first = '', ...rest] = trackLine(event, formats, 60).split('\n');
  expect(first).toContain(event.path);
  expect(rest.length).toBeGreaterThan(1);
  for (const line of rest) expect(widthOf(line)).toBeLessThanOrEqual(60);
  expect(words(rest.join(' '))).toEqual(words(event.message ?? ''));
  expect(trackLine(event, formats)).not.toContain('\n');
});

describe('the times of a dry run', () => {
  const findings: Findings = {
    libraries: [{ path: '/music', excluded: 0, leftOut: 0 }],
    totals: { ...NO_TRACKS, waiting: 65_000, bytesWaiting: 450e9, bytesFound: 450e9 },
    elsewhere: undefined,
    missing: 0,
    formats: [],
    skipped: [],
    failed: [],
    others: { jpg: 12 },
    lookedInto: 65_000,
    notLookedInto: 0,
    measured: undefined,
  };
  const plan = planFor(
    { files: 65_000, bytes: 450e9 },
    { here: false, line: undefined, measured: undefined },
  );
  const text = (columns: number): string =>
    dryRunText(findings, plan, { needed: 450e9, free: 1e12, reserve: 1e10 }, PLAIN, {
      formats,
      columns,
      hint: hintFor(undefined),
    });

  test('stand side by side where there is room', () => {
    expect(text(100)).toContain('at most 450 GB are needed, as equal files are kept once');
    expect(text(100)).toMatch(/ 5 at once +10 at once +20 at once\n/);
  });

  test('have a line each where there is none', () => {
    expect(widest(text(50))).toBeLessThanOrEqual(50);
    expect(text(50)).toMatch(
      / {2}10 Mbit\/s \(1\.3 MB\/s\)\n {4}5 at once: .*\n {4}10 at once: .*\n {4}20 at once: /,
    );
  });
});

test('the reasons of list are broken between words', async () => {
  const library = libraryOf(1);
  put(library, 'noise.mp3', 'x'.repeat(5000));
  const { run, dataFolder } = ledgerline();
  await run('sync', library);
  const shown = runInTerminal(['list', '--state', 'skipped'], { LEDGERLINE_DATA: dataFolder });
  await shown.done;
  const lines = shown.output().replaceAll('\r', '').split('\n');
  const reason = lines.filter((line) => line.startsWith('    '));
  expect(reason.length).toBeGreaterThan(1);
  for (const line of reason) expect(widthOf(line)).toBeLessThanOrEqual(80);
});
