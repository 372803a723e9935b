import { expect, test } from 'vitest';
import { type Status, statusText } from '../../src-main/headless/commands/status-text.ts';
import { paceWords } from '../../src-main/headless/commands/status-pace.ts';
import { formatsFor } from '../../shared/formats.ts';
import { hintFor } from '../../src-main/headless/typed.ts';
import { PLAIN } from '../../src-main/headless/terminal/paint.ts';

const TOTALS = {
  waiting: 0,
  archived: 565,
  failed: 2,
  skipped: 23,
  bytesFound: 3.3e9,
  bytesWaiting: 0,
  bytesArchived: 52.1e6,
  bytesFailed: 0.4e6,
};

const held = (holding: Status['holding'], ...identities: readonly string[]): string =>
  statusText(
    {
      dataFolder: '/data',
      atWork: undefined,
      libraries: [],
      archives: identities.map((identity, id) => ({
        id,
        place: 'https://archive.example',
        identity,
        wasUsed: true,
        totals: TOTALS,
        perLibrary: [],
      })),
      lastRun: undefined,
      pace: undefined,
      holding,
    },
    PLAIN,
    0,
    { formats: formatsFor('en-GB', 'UTC'), columns: Number.POSITIVE_INFINITY, hint: hintFor(undefined) },
  );

const status = (...identities: readonly string[]): string => held(undefined, ...identities);

const headings = (...identities: readonly string[]): readonly string[] =>
  status(...identities)
    .split('\n')
    .filter((line) => line.startsWith('Archive'));

test('one account at an archive needs no name', () => {
  expect(headings('ledgerline:abc:1')).toEqual(['Archive https://archive.example']);
});

test('a pause and the hours of the night are told, and a pause that is over is not', () => {
  const pausedUntil = (until: number | null): string =>
    held({ pause: { until }, nightWindow: { from: '22:00', to: '06:00' } }, 'ledgerline:abc:1');
  expect(pausedUntil(null)).toContain(
    'Paused until "ledgerline resume".\nFiles go only from 22:00 to 06:00.\n',
  );
  expect(pausedUntil(3_600_000)).toMatch(/^Paused\. It continues .*01:00, or with "ledgerline resume"\.$/m);
  expect(pausedUntil(0)).not.toContain('Paused');
  expect(held({ pause: null, nightWindow: null }, 'ledgerline:abc:1')).toBe(status('ledgerline:abc:1'));
});

test('two accounts at one archive are told apart', () => {
  expect(headings('ledgerline:abc:1', 'ledgerline:abc:2')).toEqual([
    'Archive https://archive.example, account 1',
    'Archive https://archive.example, account 2',
  ]);
  expect(headings('rails:https://archive.example:a@x.org', 'rails:https://archive.example:b@x.org')).toEqual([
    'Archive https://archive.example, account a@x.org',
    'Archive https://archive.example, account b@x.org',
  ]);
});

test('two archives that were at one address are told apart', () => {
  expect(headings('ledgerline:abc:1', 'ledgerline:def:1')).toEqual([
    'Archive https://archive.example, account 1 of archive abc',
    'Archive https://archive.example, account 1 of archive def',
  ]);
});

test('what failed is missing from what is archived, and what is skipped stands beside it', () => {
  const text = status('ledgerline:abc:1');
  expect(text).toContain('565 of 567 files archived (52.1 MB of 52.5 MB)');
  expect(text).toMatch(/2 failed \(400 kB\)\n {2}23 skipped/);
});

test('the pace: the last hours, the last night, and when it is done', () => {
  const now = Date.UTC(2026, 10, 24, 9, 0);
  const night = (kind: 'past' | 'now' | 'coming', tracks: number, tracksToCome: number) => ({
    kind,
    from: 0,
    to: 0,
    tracks,
    bytes: 0,
    tracksToCome,
    bytesToCome: 0,
  });
  const pace = {
    hours: 6,
    bytesSent: 2_000_000,
    tracksSent: 12,
    nights: [night('past', 30, 0), night('coming', 0, 5), night('coming', 0, 1)],
    endsAt: Date.UTC(2026, 10, 26, 1, 0),
  };
  expect(paceWords(pace, formatsFor('en-GB', 'UTC'), now)).toEqual([
    'Pace: 12 files (2.0 MB) sent in the last 6 hours; 30 files archived in the last night; done on Thursday about 01:00, after 2 nights.',
  ]);
  expect(
    paceWords({ ...pace, tracksSent: 0, nights: [], endsAt: undefined }, formatsFor('en-GB', 'UTC'), now),
  ).toEqual([]);
});
