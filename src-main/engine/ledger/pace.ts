import type { Database } from 'better-sqlite3';

/** What was done in a stretch of time. */
export interface Done {
  readonly bytesSent: number;
  readonly tracksSent: number;
  readonly bytesArchived: number;
  readonly tracksArchived: number;
}

export interface MinuteDone extends Done {
  /** Since 1970. */
  readonly minute: number;
}

/** How fast it went, by minutes in which anything was done. Times are ms since 1970. */
export interface PaceReader {
  /** From `from` on, the oldest first. */
  readonly since: (archiveId: number, from: number) => readonly MinuteDone[];
  /** The newest minutes before `before` in which something was sent, the newest first. */
  readonly busyBefore: (archiveId: number, before: number, limit: number) => readonly MinuteDone[];
  /** Of all minutes that begin in that time. */
  readonly sum: (archiveId: number, from: number, to: number) => Done;
}

/** The owner's: with what it has not written yet. */
export interface Pace extends PaceReader {
  readonly add: (archiveId: number, now: number, done: Partial<Done>) => void;
  /** Whether there is something to write, at most once a minute. */
  readonly isDue: (now: number) => boolean;
  /** Writes it all, and forgets what is too old. Belongs into a commit. */
  readonly keep: (now: number) => void;
}

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 14 * 24 * 60;

export const NOTHING_DONE: Done = { bytesSent: 0, tracksSent: 0, bytesArchived: 0, tracksArchived: 0 };

export const sumOfDone = (one: Done, other: Partial<Done>): Done => ({
  bytesSent: one.bytesSent + (other.bytesSent ?? 0),
  tracksSent: one.tracksSent + (other.tracksSent ?? 0),
  bytesArchived: one.bytesArchived + (other.bytesArchived ?? 0),
  tracksArchived: one.tracksArchived + (other.tracksArchived ?? 0),
});

const DONE =
  'bytes_sent AS bytesSent, tracks_sent AS tracksSent, bytes_archived AS bytesArchived, tracks_archived AS tracksArchived';
const SUMS = `total(bytes_sent) AS bytesSent, total(tracks_sent) AS tracksSent, total(bytes_archived) AS bytesArchived,
  total(tracks_archived) AS tracksArchived`;

const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS);
/** The first minute that begins at that time or later. */
const firstFrom = (time: number): number => Math.ceil(time / MINUTE_MS);

/** For who does not own the ledger, too: one that an older program made knows of no pace yet. */
export const createPaceReader = (db: Database): PaceReader => {
  const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'pace'").get() !== undefined;
  if (!has) return { since: () => [], busyBefore: () => [], sum: () => NOTHING_DONE };
  const since = db.prepare<[number, number], MinuteDone>(
    `SELECT minute, ${DONE} FROM pace WHERE archive_id = ? AND minute >= ? ORDER BY minute`,
  );
  const busy = db.prepare<[number, number, number], MinuteDone>(
    `SELECT minute, ${DONE} FROM pace WHERE archive_id = ? AND minute < ? AND bytes_sent > 0 ORDER BY minute DESC LIMIT ?`,
  );
  const sum = db.prepare<[number, number, number], Done>(
    `SELECT ${SUMS} FROM pace WHERE archive_id = ? AND minute >= ? AND minute < ?`,
  );
  return {
    since: (archiveId, from) => since.all(archiveId, minuteOf(from)),
    busyBefore: (archiveId, before, limit) => busy.all(archiveId, minuteOf(before), limit),
    sum: (archiveId, from, to) => sum.get(archiveId, firstFrom(from), firstFrom(to)) ?? NOTHING_DONE,
  };
};

interface Unwritten extends MinuteDone {
  readonly archiveId: number;
}

export const createPace = (db: Database): Pace => {
  const reader = createPaceReader(db);
  const write = db.prepare<[number, number, number, number, number, number]>(
    `INSERT INTO pace (archive_id, minute, bytes_sent, tracks_sent, bytes_archived, tracks_archived) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET bytes_sent = bytes_sent + excluded.bytes_sent, tracks_sent = tracks_sent + excluded.tracks_sent,
       bytes_archived = bytes_archived + excluded.bytes_archived, tracks_archived = tracks_archived + excluded.tracks_archived`,
  );
  const forget = db.prepare<[number, number]>('DELETE FROM pace WHERE archive_id = ? AND minute < ?');
  let unwritten: Unwritten[] = [];
  let writtenAt: number | undefined;
  const of = (archiveId: number): readonly Unwritten[] =>
    unwritten.filter((entry) => entry.archiveId === archiveId);

  return {
    since: (archiveId, from) =>
      merged([
        ...reader.since(archiveId, from),
        ...of(archiveId).filter(({ minute }) => minute >= minuteOf(from)),
      ]),
    busyBefore: (archiveId, before, limit) =>
      merged([
        ...reader.busyBefore(archiveId, before, limit),
        ...of(archiveId).filter(({ minute, bytesSent }) => minute < minuteOf(before) && bytesSent > 0),
      ])
        .toReversed()
        .slice(0, limit),
    sum: (archiveId, from, to) =>
      of(archiveId)
        .filter(({ minute }) => minute >= firstFrom(from) && minute < firstFrom(to))
        .reduce((sum, entry) => sumOfDone(sum, entry), reader.sum(archiveId, from, to)),
    add: (archiveId, now, done) => {
      const minute = minuteOf(now);
      const last = unwritten.at(-1);
      if (last?.archiveId === archiveId && last.minute === minute)
        unwritten[unwritten.length - 1] = { ...last, ...sumOfDone(last, done) };
      else unwritten.push({ archiveId, minute, ...sumOfDone(NOTHING_DONE, done) });
    },
    isDue: (now) => unwritten.some(({ minute }) => minute !== minuteOf(now)) && writtenAt !== minuteOf(now),
    keep: (now) => {
      for (const { archiveId, minute, ...done } of unwritten) {
        write.run(
          archiveId,
          minute,
          done.bytesSent,
          done.tracksSent,
          done.bytesArchived,
          done.tracksArchived,
        );
        forget.run(archiveId, minuteOf(now) - KEPT_MINUTES);
      }
      unwritten = [];
      writtenAt = minuteOf(now);
    },
  };
};

/** One entry for each minute, the oldest first. */
const merged = (entries: readonly MinuteDone[]): readonly MinuteDone[] => {
  const byMinute = new Map<number, MinuteDone>();
  for (const { minute, ...done } of entries)
    byMinute.set(minute, { minute, ...sumOfDone(byMinute.get(minute) ?? NOTHING_DONE, done) });
  return [...byMinute.values()].toSorted((a, b) => a.minute - b.minute);
};
