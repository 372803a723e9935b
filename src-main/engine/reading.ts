import type { Fingerprinter, FingerprintResult } from './audio/fingerprints.ts';
import type { Clock } from './clock.ts';
import { systemCode } from './errors.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { PlacedTrack } from './ledger/tracks.ts';
import type { DiskStat } from './library/differences.ts';
import { sameStat } from './library/disk-stat.ts';
import { pathOnDisk, statOnDisk } from './library/place.ts';
import { REASONS, type ReasonCode } from './library/reasons.ts';
import { settledAt } from './library/settling.ts';
import type { Reporter } from './report.ts';
import { backoffMs } from './transfer/backoff.ts';
import type { HeldBytes } from './transfer/held-bytes.ts';
import { SMALL_FILE_BYTES } from './transfer/source.ts';

/** Reads what has not been read, a bounded number ahead of the transfers. */
export interface Reading {
  /** Starts as many readings as may run now. */
  readonly fill: () => void;
  readonly busy: () => boolean;
  /** Readings that have begun. */
  readonly inHand: () => boolean;
  /** The file is not as the ledger has it: keeps what the disk shows now and reads that. */
  readonly lookAgain: (track: PlacedTrack) => Promise<void>;
  /** What was just archived should still be what lies there; else it is read again. */
  readonly checkLater: (track: PlacedTrack) => void;
  /** Whether there is anything left to read, and when it may be. */
  readonly next: () => number | undefined;
}

export interface ReadingDeps {
  readonly ledger: Ledger;
  readonly fingerprinter: Fingerprinter;
  readonly held: HeldBytes;
  readonly clock: Clock;
  readonly probe: Probe;
  readonly report: Reporter;
  readonly runId: number;
  readonly archiveId: number;
  /** The libraries that can be read now. */
  readonly libraryIds: () => readonly number[];
  /** How many fingerprints wait for their transfer, counted up to `limit`. */
  readonly ahead: (limit: number) => number;
  /** An open holding got a track. */
  readonly wanted: (holdingId: number) => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
  /** It had not been read, and its bytes are in the archive already. */
  readonly onArchived: (track: PlacedTrack) => void;
  /** The disk shows something else than the scan did. */
  readonly onUnrest: () => void;
  /** A file was not where the ledger has it, or could not be read: is its library there at all? */
  readonly suspect: (libraryId: number) => Promise<boolean>;
}

/** What the disk shows of a track now. */
type Seen = DiskStat | 'gone';

/** Why the disk shows nothing of a track, and what the system called it. */
interface Unseen {
  readonly reason: 'no_permission' | 'read_error';
  readonly detail: string;
}

/** Readings under way at once: enough to keep two threads busy. */
const AT_ONCE = 16;
/** Fingerprints that wait for their transfer. */
const AHEAD = 160;
/** A file that keeps changing is given up for this run after so many readings, also if some of them went well. */
const MAX_READINGS = 6;

export const createReading = (deps: ReadingDeps): Reading => {
  const { ledger, clock } = deps;
  const underWay = new Set<number>();
  /** How often a file was found changed since it last lay as it was sent. Few files ever are. */
  const restless = new Map<number, number>();
  let candidates: PlacedTrack[] = [];

  const nextCandidate = (): PlacedTrack | undefined => {
    if (candidates.length === 0) candidates = loadCandidates();
    return candidates.shift();
  };

  const loadCandidates = (): PlacedTrack[] => {
    for (const libraryId of deps.libraryIds()) {
      const page = ledger.tracks.unread(libraryId, clock.now(), AT_ONCE * 4 + underWay.size);
      const fresh = page.filter(({ id }) => !underWay.has(id));
      if (fresh.length > 0) return fresh;
    }
    return [];
  };

  const read = async (track: PlacedTrack): Promise<void> => {
    const begin = clock.monotonic();
    const keepBytes = track.byteSize <= SMALL_FILE_BYTES && deps.held.reserve(track.byteSize);
    let kept = false;
    try {
      const result = await deps.fingerprinter.read({
        path: pathOnDisk(track),
        expected: track,
        keepBytes,
      });
      deps.probe('read_done');
      kept = await apply(track, result, begin);
    } finally {
      if (keepBytes && !kept) deps.held.release(track.byteSize);
    }
  };

  /** Keeps the result; true when its bytes are kept for the transfer. */
  const apply = async (track: PlacedTrack, result: FingerprintResult, begin: number): Promise<boolean> => {
    const seconds = (clock.monotonic() - begin) / 1000;
    switch (result.kind) {
      case 'read': {
        const content = { ...result, tags: JSON.stringify(result.tags) };
        const linked = await ledger.commit(() =>
          ledger.tracks.link(track, content, deps.archiveId, deps.runId),
        );
        deps.probe('read_committed');
        if (linked === undefined) return false;
        const isNew = linked.holding === 'archived' && track.contentId === null;
        if (isNew) deps.onArchived(track);
        if (linked.moved) deps.report.track(track, { outcome: 'moved', seconds });
        else if (isNew) deps.report.track(track, { outcome: 'already_archived', seconds });
        if (linked.holding !== 'open') return false;
        deps.wanted(linked.holdingId);
        return result.bytes !== undefined && deps.held.keep(linked.contentId, result.bytes);
      }
      case 'skip': {
        const { reason, detail = null } = result;
        const kept = await ledger.commit(() => ledger.tracks.skip(track, reason, detail));
        if (kept) tell(track, 'skipped', reason, seconds);
        return false;
      }
      case 'failed':
        // Of a share that died no file can be read, and none is to blame.
        if (result.reason === 'read_error' && !(await deps.suspect(track.libraryId))) return false;
        await giveUp(track, result.reason, result.detail ?? '', seconds);
        return false;
      case 'changed':
      case 'vanished':
        await lookAgain(track, seconds);
        return false;
    }
  };

  const giveUp = async (
    track: PlacedTrack,
    reason: ReasonCode,
    detail: string,
    seconds: number,
  ): Promise<void> => {
    if (await ledger.commit(() => ledger.tracks.failed(track, reason, detail)))
      tell(track, 'failed', reason, seconds);
  };

  const tell = (
    track: PlacedTrack,
    outcome: 'skipped' | 'failed' | 'retry',
    code: ReasonCode,
    seconds: number,
  ): void => deps.report.track(track, { outcome, seconds, code, message: REASONS[code].sentence });

  /** The disk shows something else than the ledger has: keep what it shows, and read that when it has come to rest. */
  const lookAgain = async (track: PlacedTrack, seconds = 0): Promise<void> => {
    const seen = await look(track);
    if (seen === undefined) return;
    if (isUnseen(seen)) await giveUp(track, seen.reason, seen.detail, seconds);
    else await keepSeen(track, seen, seconds);
  };

  const keepSeen = async (track: PlacedTrack, seen: Seen, seconds: number): Promise<void> => {
    deps.onUnrest();
    if (seen === 'gone') {
      await ledger.commit(() => ledger.tracks.vanished(track));
      return;
    }
    const times = (restless.get(track.id) ?? 0) + 1;
    restless.set(track.id, times);
    if (times >= MAX_READINGS) return giveUp(track, 'changing', '', seconds);
    const now = clock.now();
    const at = Math.max(now + backoffMs(times, Math.random()), settledAt(seen, now));
    if (await ledger.commit(() => ledger.tracks.changed(track, seen, at)))
      tell(track, 'retry', 'changing', seconds);
  };

  /** What the disk shows, or why it shows nothing. Undefined where the library itself is not there: nothing follows. */
  const look = async (track: PlacedTrack): Promise<Seen | Unseen | undefined> => {
    const seen = await glance(track);
    if (seen !== 'gone' && !(isUnseen(seen) && seen.reason === 'read_error')) return seen;
    if (!(await deps.suspect(track.libraryId))) return undefined;
    // The library may have been away for just the moment in which we looked.
    return glance(track);
  };

  /** Its bytes are archived: where the disk shows nothing of it now, that says nothing against it. */
  const checkStill = async (track: PlacedTrack): Promise<void> => {
    const seen = await look(track);
    if (seen === undefined || isUnseen(seen)) return;
    if (seen === 'gone' || !sameStat(seen, track)) return keepSeen(track, seen, 0);
    restless.delete(track.id);
  };

  const start = (track: PlacedTrack, work: () => Promise<void>): void => {
    underWay.add(track.id);
    work()
      .catch(deps.stopOn)
      .finally(() => {
        underWay.delete(track.id);
        deps.wake();
      });
  };

  return {
    fill: () => {
      let room = Math.min(AT_ONCE - underWay.size, AHEAD - underWay.size - deps.ahead(AHEAD));
      for (; room > 0; room -= 1) {
        const track = nextCandidate();
        if (track === undefined) return;
        start(track, () => read(track));
      }
    },
    busy: () => underWay.size > 0 || candidates.length > 0,
    inHand: () => underWay.size > 0,
    lookAgain: (track) => lookAgain(track),
    checkLater: (track) => start(track, () => checkStill(track)),
    next: () => {
      const times = deps.libraryIds().flatMap((id) => ledger.tracks.nextRead(id) ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
};

const glance = async (track: PlacedTrack): Promise<Seen | Unseen> => {
  try {
    return (await statOnDisk(track)) ?? 'gone';
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { reason: code === 'EACCES' || code === 'EPERM' ? 'no_permission' : 'read_error', detail: code };
  }
};

const isUnseen = (seen: Seen | Unseen): seen is Unseen => seen !== 'gone' && 'reason' in seen;
