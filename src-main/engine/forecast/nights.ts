import type { Night } from '../../../shared/bridge/pace.ts';
import type { Job } from '../ledger/jobs.ts';
import type { Done } from '../ledger/pace.ts';
import { nightAfter, nightAt, type Span } from './calendar.ts';
import { type Hours, timesFrom } from './ends-at.ts';

export interface NightFacts {
  readonly now: number;
  readonly job: Job | undefined;
  readonly hours: Hours;
  readonly waiting: number;
  readonly bytesWaiting: number;
  /** How long that takes; undefined while it cannot be told. */
  readonly milliseconds: number | undefined;
  /** Archived in that time. */
  readonly archivedIn: (from: number, to: number) => Pick<Done, 'tracksArchived' | 'bytesArchived'>;
}

/** More than that no page can show; the last one stands for all that follow. */
const MOST_TO_COME = 60;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Older ones are not remembered; what is, counts for the first that is told. */
const LONGEST_PAST_MS = 15 * DAY_MS;

interface Part {
  readonly night: Span;
  readonly tracks: number;
  readonly bytes: number;
}

/**
 * The nights of the work that is under way. What they archived and what they are going to is all that the work archived
 * and all that waits. What was archived between two nights counts for the one before it.
 */
export const nightsOf = (facts: NightFacts): readonly Night[] => {
  const { now, job } = facts;
  if (job === undefined) return [];
  const nights = new Map<number, Night>();
  for (const { night, tracks, bytes } of done(facts, job))
    nights.set(night.from, { ...bare(night, now), tracks, bytes });
  for (const { night, tracks, bytes } of toCome(facts))
    nights.set(night.from, {
      ...(nights.get(night.from) ?? bare(night, now)),
      tracksToCome: tracks,
      bytesToCome: bytes,
    });
  return [...nights.values()]
    .filter(({ tracks, bytes, tracksToCome, bytesToCome }) => tracks + bytes + tracksToCome + bytesToCome > 0)
    .toSorted((a, b) => a.from - b.from);
};

const bare = ({ from, to }: Span, now: number): Night => ({
  kind: now >= to ? 'past' : now < from ? 'coming' : 'now',
  from,
  to,
  tracks: 0,
  bytes: 0,
  tracksToCome: 0,
  bytesToCome: 0,
});

function* done({ now, hours, archivedIn }: NightFacts, { beganAt }: Job): Generator<Part> {
  let from = Math.floor(beganAt / MINUTE_MS) * MINUTE_MS;
  let night = nightAt(Math.max(beganAt, now - LONGEST_PAST_MS), hours.nightWindow);
  while (from <= now) {
    const next = nightAfter(night, hours.nightWindow);
    const { tracksArchived, bytesArchived } = archivedIn(from, next.from);
    yield { night, tracks: tracksArchived, bytes: bytesArchived };
    from = next.from;
    night = next;
  }
}

function* toCome({ now, hours, waiting, bytesWaiting, milliseconds }: NightFacts): Generator<Part> {
  if (waiting === 0) return;
  let open = 0;
  let [tracks, bytes] = [0, 0];
  let count = 0;
  for (const { from, to, night } of timesFrom(now, hours)) {
    open += to - from;
    count += 1;
    // Where nothing can be told, all of it is expected of the next one.
    const part = milliseconds === undefined ? 1 : Math.min(1, open / Math.max(1, milliseconds));
    const isLast = part === 1 || count === MOST_TO_COME;
    const until = isLast
      ? { tracks: waiting, bytes: bytesWaiting }
      : { tracks: Math.floor(waiting * part), bytes: Math.floor(bytesWaiting * part) };
    yield { night, tracks: until.tracks - tracks, bytes: until.bytes - bytes };
    if (isLast) return;
    ({ tracks, bytes } = until);
  }
}
