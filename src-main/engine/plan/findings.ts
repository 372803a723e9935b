import type { UsedArchive } from '../ledger/archives.ts';
import type { FailureGroup } from '../ledger/failure-groups.ts';
import type { StandingTotals } from '../ledger/totals.ts';
import { isReasonCode, REASONS, type ReasonCode } from '../library/reasons.ts';
import type { MeasuredRate } from './estimate.ts';

/** What looking told, without having sent or changed anything. */
export interface Findings {
  readonly libraries: readonly {
    readonly path: string;
    readonly unreachable?: string;
    readonly leftOut: number;
    /** Tracks and folders that a person left out. */
    readonly excluded: number;
  }[];
  readonly totals: StandingTotals;
  /** The archive elsewhere that the ledger went to last. */
  readonly elsewhere: UsedArchive | undefined;
  /** Were there before and are not now. */
  readonly missing: number;
  /** By extension, of what is to be sent. */
  readonly formats: readonly FormatCount[];
  readonly skipped: readonly FailureGroup[];
  readonly failed: readonly FailureGroup[];
  /** Files that are no tracks, by extension. */
  readonly others: Readonly<Record<string, number>>;
  /** Files to be sent whose first bytes were looked at, and those where time did not allow it. */
  readonly lookedInto: number;
  readonly notLookedInto: number;
  readonly measured: MeasuredRate | undefined;
}

export interface FormatCount {
  readonly format: string;
  readonly files: number;
  readonly bytes: number;
}

/** Takes counts of what is to be sent, and of what a look at the first bytes speaks against. */
export interface Counter {
  readonly wanted: (extension: string, bytes: number) => void;
  readonly refused: (reason: string, bytes: number, shownPath: () => string) => void;
  readonly formats: () => readonly FormatCount[];
  readonly groups: (state: 'skipped' | 'failed') => readonly FailureGroup[];
  readonly refusedBytes: (state: 'skipped' | 'failed') => number;
}

const EXAMPLES = 3;

export const createCounter = (): Counter => {
  const wanted = new Map<string, { files: number; bytes: number }>();
  const refused = new Map<ReasonCode, { tracks: number; bytes: number; examples: string[] }>();
  const of = (state: 'skipped' | 'failed') =>
    [...refused].filter(([reason]) => REASONS[reason].state === state);
  return {
    wanted: (extension, bytes) => {
      const entry = wanted.get(extension) ?? { files: 0, bytes: 0 };
      entry.files += 1;
      entry.bytes += bytes;
      wanted.set(extension, entry);
    },
    refused: (reason, bytes, shownPath) => {
      if (!isReasonCode(reason)) throw new Error(`there is no reason ${reason}`);
      const entry = refused.get(reason) ?? { tracks: 0, bytes: 0, examples: [] };
      entry.tracks += 1;
      entry.bytes += bytes;
      if (entry.examples.length < EXAMPLES) entry.examples.push(shownPath());
      refused.set(reason, entry);
    },
    formats: () =>
      [...wanted]
        .map(([format, { files, bytes }]) => ({ format, files, bytes }))
        .toSorted((a, b) => b.bytes - a.bytes),
    groups: (state) =>
      of(state).map(([code, { tracks, examples }]) => ({
        code,
        class: 'retry',
        sentence: REASONS[code].sentence,
        tracks,
        examples,
      })),
    refusedBytes: (state) => of(state).reduce((sum, [, { bytes }]) => sum + bytes, 0),
  };
};

/** Two lists of causes as one; equal causes become one group. */
export const mergeGroups = (
  known: readonly FailureGroup[],
  seen: readonly FailureGroup[],
): readonly FailureGroup[] => {
  const merged = new Map<string, FailureGroup>();
  for (const group of [...known, ...seen]) {
    const before = merged.get(group.code);
    merged.set(
      group.code,
      before === undefined
        ? group
        : {
            ...before,
            tracks: before.tracks + group.tracks,
            examples: [...before.examples, ...group.examples].slice(0, EXAMPLES),
          },
    );
  }
  return [...merged.values()].toSorted((a, b) => b.tracks - a.tracks);
};

/** The ledger's totals with what the first bytes spoke against taken out of what waits. */
export const afterLooking = (totals: StandingTotals, counter: Counter): StandingTotals => {
  const tracksOf = (state: 'skipped' | 'failed'): number =>
    counter.groups(state).reduce((sum, { tracks }) => sum + tracks, 0);
  const [skipped, failed] = [tracksOf('skipped'), tracksOf('failed')];
  return {
    ...totals,
    waiting: totals.waiting - skipped - failed,
    skipped: totals.skipped + skipped,
    failed: totals.failed + failed,
    bytesFailed: totals.bytesFailed + counter.refusedBytes('failed'),
    bytesWaiting: totals.bytesWaiting - counter.refusedBytes('skipped') - counter.refusedBytes('failed'),
  };
};
