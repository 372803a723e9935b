import type { RunSnapshot } from '../../../shared/run.ts';

/** A run in the middle of its work. */
export const snapshotOf = (changes: Partial<RunSnapshot> = {}): RunSnapshot => ({
  scanning: false,
  looked: [],
  gate: { state: 'open' },
  totals: {
    found: 65_000,
    archived: 20_000,
    already_archived: 2100,
    moved: 4,
    failed: 3,
    skipped: 12,
    waiting: 42_881,
  },
  bytesFound: 450e9,
  bytesWaiting: 300e9,
  bytesArchived: 149e9,
  bytesFailed: 0.6e9,
  puts: 20_000,
  bytesSent: 140e9,
  bytesPerSecond: 3.2e6,
  filesPerSecond: 12.4,
  endsAt: Date.UTC(2026, 10, 24, 5, 40),
  inFlight: Array.from({ length: 7 }, (_, i) => ({
    path: `森の楽団/夜明け/0${i + 1} A rather long name of a song that somebody once wrote down.flac`,
    bytes: 1000,
    sent: i * 100,
    title: '',
    artist: '',
    album: '',
    place: { libraryPath: new Uint8Array(), folderPath: new Uint8Array(), name: new Uint8Array() },
  })),
  seconds: 4000,
  ...changes,
});
