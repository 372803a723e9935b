import type { RunSnapshot, RunSummary } from '../../../shared/run.ts';

const COUNTS = Symbol('what was done before this error');

/** Remembers with an error how far its run had come, for whoever reads the last line of --json. */
export const attachCounts = (error: unknown, snapshot: RunSnapshot | undefined): unknown => {
  if (error instanceof Error && snapshot !== undefined)
    Object.defineProperty(error, COUNTS, { value: summaryOf(snapshot) });
  return error;
};

export const countsOf = (error: unknown): RunSummary | undefined =>
  error instanceof Error && COUNTS in error ? (error[COUNTS] as RunSummary) : undefined;

const summaryOf = ({ totals, puts, bytesSent, seconds }: RunSnapshot): RunSummary => ({
  ...totals,
  puts,
  bytes_sent: bytesSent,
  seconds,
});
