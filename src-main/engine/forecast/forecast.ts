import type { PaceReader } from '../ledger/pace.ts';
import { durationOf, measuredRate, type Rate, TELLING_MINUTES } from './rate.ts';

/** How long what waits takes while files may go, in ms; undefined while that cannot be told. */
export const timeLeft = (
  { pace }: { readonly pace: Pick<PaceReader, 'busyBefore'> },
  archiveId: number,
  left: { readonly waiting: number; readonly bytesWaiting: number },
  live: Rate,
  lineLimit: number | null,
  now: number,
): number | undefined =>
  durationOf(left, measuredRate(pace.busyBefore(archiveId, now, TELLING_MINUTES), live, lineLimit));
