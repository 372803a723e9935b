import type { RunSnapshot, RunSummary } from '../../../shared/run.ts';

/** What is missing is counted only when a run has come to its end. */
type Counts = Omit<RunSummary, 'missing'>;

const COUNTS = Symbol('what was done before this error');

/** Remembers with an error how far its run had come, for whoever reads the last line of --json. */
export const attachCounts = (error: unknown, snapshot: RunSnapshot | undefined): unknown => {
  if (error instanceof Error && snapshot !== undefined)
    Object.defineProperty(error, COUNTS, { value: summaryOf(snapshot) });
  return error;
};

export const countsOf = (error: unknown): Counts | undefined =>
  error instanceof Error && COUNTS in error ? (error[COUNTS] as Counts) : undefined;

const summaryOf = ({ totals, puts, bytesSent, seconds }: RunSnapshot): Counts => ({
  ...totals,
  puts,
  bytes_sent: bytesSent,
  seconds,
});
