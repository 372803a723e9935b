import type { ArchiveKind } from './archive/connect.ts';
import type { Clock } from './clock.ts';
import type { Holding } from './ledger/holdings.ts';
import { firstPace, nextPace, slotsForSize } from './transfer/concurrency.ts';
import type { Rates } from './transfer/rates.ts';

/** How many files go at once. */
export interface Pacer {
  readonly slots: () => number;
  /** Looks every few seconds at what the last ones brought; returns the slots from now on. */
  readonly adjust: (seen: { readonly busy: boolean; readonly troubles: () => number }) => number;
  /** undefined: it may be sent. Else why it cannot pass at this line. */
  readonly fits: (holding: Holding) => { readonly code: string; readonly message: string } | undefined;
  /** Its upload address ran out after it had been sent for so many seconds, beside others: `atOnce` in all. */
  readonly ranOut: (holding: Holding, seconds: number, atOnce: number) => void;
}

const LOOK_EVERY_MS = 4_000;
/** How long a large file keeps the slots few. */
const CAP_MS = 240_000;
/** Below this the ticket's life never matters. */
const LARGE_BYTES = 16 * 1024 * 1024;

export const createPacer = (deps: {
  readonly concurrency: () => number | 'auto';
  readonly kind: ArchiveKind;
  readonly clock: Clock;
  readonly rates: Rates;
}): Pacer => {
  const { clock, rates } = deps;
  let pace = firstPace;
  let lookAt = clock.monotonic() + LOOK_EVERY_MS;
  /** The slots that the largest file lately seen leaves us with, and until when. */
  let cap: { readonly slots: number; readonly until: number } | undefined;

  const slots = (): number => {
    const fixed = deps.concurrency();
    const wanted = fixed === 'auto' ? pace.slots : fixed;
    return cap !== undefined && clock.monotonic() < cap.until ? Math.min(wanted, cap.slots) : wanted;
  };

  /**
   * What was seen to take longer than its address lives, even alone. The rate that we have would be no proof: it is
   * low, too, where there was little to send.
   */
  const slow = new Set<number>();

  return {
    slots,
    ranOut: ({ id, byteSize }, seconds, atOnce) => {
      const most = slotsForSize(byteSize, (byteSize / Math.max(1, seconds)) * atOnce);
      if (most === 0) slow.add(id);
      else if (most !== undefined && most < slots()) cap = { slots: most, until: clock.monotonic() + CAP_MS };
    },
    adjust: ({ busy, troubles }) => {
      if (clock.monotonic() >= lookAt) {
        lookAt = clock.monotonic() + LOOK_EVERY_MS;
        const { bytes, files } = rates.perSecond();
        pace = nextPace(pace, { bytesPerSecond: bytes, filesPerSecond: files, troubles: troubles(), busy });
      }
      return slots();
    },
    fits: ({ id, byteSize }) => {
      if (deps.kind !== 'rails' || byteSize < LARGE_BYTES) return undefined;
      if (slow.has(id))
        return {
          code: 'too_slow_for_ticket',
          message:
            'At the speed of this line the file cannot arrive before its upload address runs out. It is tried again in the next run; a faster line is needed.',
        };
      const most = slotsForSize(byteSize, rates.perSecond().bytes);
      if (most !== undefined && most < slots())
        cap = { slots: Math.max(1, most), until: clock.monotonic() + CAP_MS };
      return undefined;
    },
  };
};
