import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../kit/cli.ts';
import { testFolder } from '../kit/test-folder.ts';
import { median } from './against-find.ts';
import { followArrivals, paceBetween } from './arrivals.ts';
import { exceeded, tableOf } from './figures.ts';
import { planKills, QUIET } from './kill-plan.ts';

const line = (at: string, bytes: number): string =>
  JSON.stringify({ time: at, audit: 'bytes_stored', user: 1, blob: 1, sha256: 'ab', byte_size: bytes });

test('kills are spread over the work, never in the quiet stretch, and the same for the same seed', () => {
  const plan = planKills(10, 42);
  expect(plan).toEqual(planKills(10, 42));
  expect(plan).not.toEqual(planKills(10, 43));
  for (const who of ['client', 'archive'] as const) {
    const shares = plan.filter((kill) => kill.who === who).map(({ share }) => share);
    expect(shares.length).toBe(10);
    expect(Math.min(...shares)).toBeLessThan(0.1);
    expect(Math.max(...shares)).toBeGreaterThan(0.85);
  }
  expect(plan.filter(({ share }) => share >= QUIET.from && share < QUIET.to)).toEqual([]);
  expect(plan.some(({ againAfterMs }) => againAfterMs !== undefined)).toBe(true);
});

test('a log that grows in the middle of a line tells each arrival once', () => {
  const log = join(testFolder(), 'archive.log');
  const arrivals = followArrivals(log);
  expect(arrivals.read()).toEqual([]);
  const [one, two] = [line('2026-01-01T00:00:00.000Z', 10), line('2026-01-01T00:00:01.000Z', 20)];
  writeFileSync(log, `{"msg":"other"}\n${one}\n${two.slice(0, 30)}`);
  expect(arrivals.read().length).toBe(1);
  appendFileSync(log, `${two.slice(30)}\n`);
  expect(arrivals.read().map(({ byteSize }) => byteSize)).toEqual([10, 20]);
  expect(arrivals.read().length).toBe(2);
});

test('the pace is that of the stretch alone', () => {
  const arrivals = [0, 1000, 2000, 4000, 100_000].map((at) => ({ at, byteSize: 500 }));
  expect(paceBetween(arrivals, 0, 4)).toEqual({ files: 4, filesPerSecond: 0.75, bytesPerSecond: 500 });
  expect(paceBetween(arrivals, 4, 5)).toBeUndefined();
  expect(median([9, 1, 5])).toBe(5);
});

test('what was not measured counts as exceeded where there is a limit, and the table says so', () => {
  const figures = [
    { name: 'a', value: 2, unit: 's', limit: 2 },
    { name: 'b', value: 2.1, unit: 's', limit: 2 },
    { name: 'c', value: Number.NaN, unit: 's', limit: 2 },
    { name: 'd', value: Number.NaN, unit: 's' },
  ];
  expect(exceeded(figures)).toEqual(['b: 2.1 s, at most 2', 'c: not measured s, at most 2']);
  expect(tableOf(figures).split('\n').length).toBe(6);
});

test('wrong use is told before anything begins', async () => {
  const { code, stderr } = await runCli(['--files', 'many'], {
    entry: join(import.meta.dirname, 'soak.ts'),
  });
  expect({ code, told: stderr.split('\n')[0] }).toEqual({
    code: 2,
    told: '--files must be a whole number from 100',
  });
});
