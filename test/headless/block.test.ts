import { describe, expect, test } from 'vitest';
import type { GateReason } from '../../shared/run.ts';
import { blockLines, gateWords } from '../../src-main/headless/terminal/block.ts';
import { formatsFor } from '../../shared/formats.ts';
import { PLAIN } from '../../src-main/headless/terminal/paint.ts';
import { progressLine } from '../../src-main/headless/terminal/progress.ts';
import { widthOf } from '../../src-main/headless/terminal/width.ts';
import { snapshotOf } from './support/snapshot.ts';

const NOW = Date.UTC(2026, 10, 22, 23, 0);
const formats = formatsFor('en-GB', 'UTC');
const block = (columns: number, rows = 24, changes: Parameters<typeof snapshotOf>[0] = {}) =>
  blockLines(snapshotOf(changes), { formats, paint: PLAIN, columns, rows, now: NOW }).map(
    ({ plain }) => plain,
  );

describe('the progress block', () => {
  test('tells files, bytes, rate, the end and what is under way', () => {
    const [head, pace, troubles, first, , , fourth, more] = block(80);
    expect(head).toBe('33 % · 22,104 of 64,988 files archived · 149 GB of 450 GB');
    expect(pace).toBe('3.2 MB/s, 12 files/s · done on Tuesday about 05:40');
    expect(troubles).toBe('3 failed · 12 skipped · 4 moved');
    expect(first).toMatch(/^ {2}0 % {2}.*that somebody once wrote down\.flac$/);
    expect(fourth).toMatch(/^ 30 % {2}/);
    expect(more).toBe('       and 3 more');
    expect(block(80)).toHaveLength(8);
  });

  test('leaves out what says least where there is no room', () => {
    expect(block(40).slice(0, 3)).toEqual([
      '33 % · 22,104 of 64,988 files archived',
      '3.2 MB/s · done on Tuesday about 05:40',
      '3 failed · 12 skipped · 4 moved',
    ]);
  });

  test.each([12, 20, 40, 41, 60, 80, 200])('never is as wide as a terminal of %d columns', (columns) => {
    for (const line of block(columns)) expect(widthOf(line)).toBeLessThan(columns);
    const offline = { gate: { state: 'closed', reason: 'offline', message: 'x'.repeat(300) } } as const;
    for (const line of block(columns, 24, offline)) expect(widthOf(line)).toBeLessThan(columns);
  });

  test.each([4, 5, 6, 8, 24])('never is as tall as a terminal of %d rows', (rows) => {
    expect(block(80, rows).length).toBeLessThan(rows);
  });

  test('claims no end and no share while it is still looking', () => {
    expect(block(80, 24, { scanning: true }).slice(0, 2)).toEqual([
      'Looking · 22,104 of 64,988 files archived · 149 GB of 450 GB',
      '3.2 MB/s, 12 files/s',
    ]);
  });

  test('has no figures before anything is found', () => {
    const totals = {
      found: 0,
      archived: 0,
      already_archived: 0,
      moved: 0,
      failed: 0,
      skipped: 0,
      waiting: 0,
    };
    const nothing = {
      scanning: true,
      totals,
      bytesFound: 0,
      bytesWaiting: 0,
      bytesArchived: 0,
      bytesFailed: 0,
      inFlight: [],
    };
    expect(block(80, 24, nothing)).toEqual(['Looking through the music', '']);
  });

  test('never counts what failed or is skipped as done', () => {
    const totals = {
      found: 590,
      archived: 565,
      already_archived: 0,
      moved: 0,
      failed: 2,
      skipped: 23,
      waiting: 0,
    };
    const done = {
      totals,
      bytesFound: 3.3e9,
      bytesWaiting: 0,
      bytesArchived: 52.1e6,
      bytesFailed: 4e5,
      inFlight: [],
    };
    expect(block(80, 24, done)).toEqual([
      '99 % · 565 of 567 files archived · 52.1 MB of 52.5 MB',
      'All done but 2; looking out for more',
      '2 failed · 23 skipped',
    ]);
  });

  test('says so while it cannot tell when it ends', () => {
    const { endsAt: _unknown, ...rest } = snapshotOf({ bytesPerSecond: 0, filesPerSecond: 0 });
    const [, pace] = blockLines(rest, { formats, paint: PLAIN, columns: 80, rows: 24, now: NOW });
    expect(pace?.plain).toBe('0 bytes/s · measuring how fast it goes');
  });
});

describe('before anything was sent', () => {
  const fresh = { puts: 0, bytesSent: 0, bytesPerSecond: 0, filesPerSecond: 0 };

  test('no rate is told', () => {
    expect(block(80, 24, { ...fresh, scanning: true })[1]).toBe('');
    expect(block(80, 24, fresh)[1]).toBe('measuring how fast it goes');
    const line = progressLine(snapshotOf({ ...fresh, scanning: true }), formats, NOW);
    expect(line).toMatch(/still looking$/);
    expect(line).not.toContain('/s');
  });
});

test('one file a second is one file', () => {
  expect(block(80, 24, { filesPerSecond: 1.2 })[1]).toContain('3.2 MB/s, 1 file/s ·');
});

test('all but something too small to be seen in the bytes is not all', () => {
  const totals = { ...snapshotOf().totals, waiting: 0, failed: 1 };
  const nearly = { totals, bytesWaiting: 0, bytesFailed: 0, bytesArchived: 1e9 };
  expect(block(80, 24, nearly)[0]).toMatch(/^99 % /);
});

describe('what keeps the files from going', () => {
  const reasons: readonly GateReason[] = [
    'offline',
    'archive_busy',
    'archive_full',
    'signed_out',
    'library_gone',
    'stopping',
  ];

  test.each(reasons)('%s is told in words', (reason) => {
    const words = gateWords({ state: 'closed', reason }, formats, NOW);
    expect(words?.at(-1)).toMatch(/^[A-Z][a-z ,]+/);
    expect(words?.join()).not.toContain('_');
  });

  test('nothing is told while they go', () => {
    expect(gateWords({ state: 'open' }, formats, NOW)).toBeUndefined();
  });

  test('the block says it instead of a rate', () => {
    const gate = {
      state: 'closed',
      reason: 'offline',
      message: 'The archive at x cannot be reached. It continues by itself.',
    } as const;
    expect(block(80, 24, { gate })[1]).toBe('The archive at x cannot be reached. It continues by itself.');
    expect(block(40, 24, { gate })[1]).toBe('The archive does not answer');
  });
});

describe('offline', () => {
  const at = (milliseconds: number) => {
    const message = 'The archive at x cannot be reached. It continues by itself.';
    return { state: 'closed', reason: 'offline', message, nextChange: NOW + milliseconds } as const;
  };

  test.each([
    [100, 39_100, 'The archive at x cannot be reached. It continues by itself. Next try in 40 s.'],
    [50, 39_100, 'The archive does not answer; next try in 40 s'],
    [50, 7_000, 'The archive does not answer; next try in 7 s'],
    [50, 150_000, 'No answer; next try in 2 min 30 s'],
    [30, 150_000, 'The archive does not answer'],
    // The try is under way.
    [50, 0, 'The archive does not answer'],
  ])('in %d columns and %d ms before the next try: %s', (columns, milliseconds, words) => {
    expect(block(columns, 24, { gate: at(milliseconds) })[1]).toBe(words);
  });

  test('a log gets no countdown', () => {
    const line = (milliseconds: number) => progressLine(snapshotOf({ gate: at(milliseconds) }), formats, NOW);
    expect(line(40_000)).toBe(line(30_000));
  });
});

test('where there is no terminal all of it stands in one line', () => {
  expect(progressLine(snapshotOf(), formats, NOW)).toBe(
    '22,104 of 64,988 files archived · 149 GB of 450 GB · 3 failed · 12 skipped · 3.2 MB/s · done on Tuesday about 05:40',
  );
});
