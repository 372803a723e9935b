import type { Night } from '../../../shared/bridge/pace.ts';
import type { RunSnapshot } from '../../../shared/run.ts';
import type { Settings } from '../../../shared/settings.ts';
import { timeLeft } from '../forecast/forecast.ts';
import { nightsOf } from '../forecast/nights.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Done } from '../ledger/pace.ts';
import type { StandingTotals } from '../ledger/totals.ts';

/** The nights of the work with the archive that was chosen, read several times a second. */
export interface Nights {
  readonly read: (
    ledger: Pick<Ledger, 'archives' | 'jobs' | 'pace'>,
    settings: Settings,
    standing: Pick<StandingTotals, 'waiting' | 'bytesWaiting'>,
    snapshot: Pick<RunSnapshot, 'bytesPerSecond' | 'filesPerSecond'> | undefined,
    now: number,
  ) => readonly Night[];
}

const MINUTE_MS = 60_000;
/** After that nothing is added to a night that is over. */
const SETTLED_MS = 10 * MINUTE_MS;
const MOST_REMEMBERED = 100;

export const createNights = (): Nights => {
  const settled = new Map<string, Done>();
  return {
    read: (ledger, settings, standing, snapshot, time) => {
      const archive = ledger.archives.all().find(({ identity }) => identity === settings.archive?.identity);
      if (archive === undefined) return [];
      // A page that hears nothing new has nothing to draw.
      const now = Math.floor(time / MINUTE_MS) * MINUTE_MS;
      const { bytesPerSecond: bytes = 0, filesPerSecond: tracks = 0 } = snapshot ?? {};
      return nightsOf({
        now,
        job: ledger.jobs.get(archive.id),
        hours: settings,
        ...standing,
        milliseconds: timeLeft(ledger, archive.id, standing, { bytes, tracks }, settings.lineLimit, now),
        archivedIn: (from, to) => {
          const key = `${archive.id} ${from} ${to}`;
          const known = settled.get(key);
          if (known !== undefined) return known;
          const sum = ledger.pace.sum(archive.id, from, to);
          if (settled.size >= MOST_REMEMBERED) settled.clear();
          if (to < now - SETTLED_MS) settled.set(key, sum);
          return sum;
        },
      });
    },
  };
};
