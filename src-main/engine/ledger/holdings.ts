import type { Database } from 'better-sqlite3';
import { forLibraries } from './for-libraries.ts';

/** What one archive said about one content so far, and what is needed to go on. */
export interface Holding {
  readonly id: number;
  readonly contentId: number;
  readonly sha256: Uint8Array;
  readonly md5: Uint8Array;
  readonly byteSize: number;
  /** JSON as {@link Tags}. */
  readonly tags: string;
  readonly signedId: string | null;
  readonly storedAt: number | null;
  readonly recordSentAt: number | null;
  readonly highestSongId: number | null;
  /** The name under which the create in doubt was sent. */
  readonly recordName: string | null;
  readonly attempts: number;
}

export interface HoldingFailure {
  readonly class: string;
  readonly code: string;
  readonly message: string;
}

/** What an archive said it has, and when it said so last. */
export interface ConfirmedHolding extends Pick<Holding, 'id' | 'contentId' | 'sha256' | 'byteSize'> {
  readonly confirmedAt: number;
}

export type DoubtfulContent = Pick<Holding, 'sha256' | 'md5' | 'byteSize' | 'tags'>;

export interface Holdings {
  /** Open ones never tried, in the order of the work, after the holding `after`; only with a track in these libraries. */
  readonly fresh: (
    archiveId: number,
    libraryIds: readonly number[],
    after: number,
    limit: number,
  ) => readonly Holding[];
  /** Open ones whose next try is due, the longest due first. */
  readonly due: (
    archiveId: number,
    libraryIds: readonly number[],
    now: number,
    limit: number,
  ) => readonly Holding[];
  /** When the next try of an open one is due; undefined when none waits. */
  readonly nextDue: (archiveId: number, libraryIds: readonly number[]) => number | undefined;
  /** How many fresh ones there are after the holding `after`, counted up to `limit`. */
  readonly freshCount: (archiveId: number, after: number, limit: number) => number;
  /** The highest id of any holding so far; 0 when there is none. */
  readonly lastId: () => number;
  /**
   * Makes the holdings that are missing for contents read already, for the next `limit` tracks of a library after the
   * track `after`. Returns the last of these; undefined when there was none.
   */
  readonly adopt: (archiveId: number, libraryId: number, after: number, limit: number) => number | undefined;

  readonly ticketed: (id: number, signedId: string) => void;
  readonly stored: (id: number, now: number) => void;
  /** The bytes under the old ticket are not to be trusted, or gone: back to asking for a ticket. */
  readonly discardTicket: (id: number) => void;
  readonly recordIntended: (id: number, now: number, highestSongId: number, name: string) => void;
  /** An intended create is known not to have happened. */
  readonly recordUndone: (id: number) => void;
  readonly archived: (id: number, songId: number, now: number) => void;
  /**
   * Archived ones, with a track in these libraries, that were confirmed last at `until` or before: the longest ago
   * first, beginning after the holding `after`.
   */
  readonly toConfirm: (
    archiveId: number,
    libraryIds: readonly number[],
    until: number,
    after: Pick<ConfirmedHolding, 'confirmedAt' | 'id'>,
    limit: number,
  ) => readonly ConfirmedHolding[];
  /** Archived ones that some track stands for, in the order of their ids, from behind `after` up to `last`. */
  readonly archivedBetween: (
    archiveId: number,
    after: number,
    last: number,
    limit: number,
  ) => readonly ConfirmedHolding[];
  /** Of the archived ones, with a track in these libraries, that with the newest song. */
  readonly newest: (archiveId: number, libraryIds: readonly number[]) => ConfirmedHolding | undefined;
  /** Confirmations later than `latest` were made by a clock that went wrong, and count as if they were long ago. */
  readonly distrustConfirmedAfter: (archiveId: number, latest: number) => void;
  /** The archive was asked again and has these bytes. */
  readonly confirmed: (id: number, now: number) => void;
  /** The archive was asked again and has these bytes no more: to be archived, from the beginning. */
  readonly lost: (id: number) => void;
  /** Credits one of the content's tracks in these libraries with having been sent by this run. */
  readonly creditSent: (contentId: number, runId: number, libraryIds: readonly number[]) => void;
  /** Counted as an attempt. */
  readonly tryLater: (id: number, at: number, failure: HoldingFailure) => void;
  /** Not counted: nothing was tried that could fail. */
  readonly lookAgain: (id: number, at: number, failure: HoldingFailure) => void;
  readonly failed: (id: number, failure: HoldingFailure) => void;
  /** Leaves out what was given up: all, or those of one class or with one code. How many. */
  readonly ignore: (archiveId: number, failureClass?: string, code?: string) => number;
  /** What was left out is to be archived again. How many. */
  readonly takeBack: (archiveId: number, failureClass?: string, code?: string) => number;
  /** Asks again for what was given up: all, or those of one class or with one code. How many. */
  readonly reopen: (archiveId: number, failureClass?: string, code?: string) => number;
  /** Asks all archives again for what this track holds, where they did not take it. How many did not. */
  readonly reopenOf: (trackId: number) => number;
  /** Lets open ones that wait for their next try begin anew. */
  readonly stopWaiting: (archiveId: number) => void;
  /** What is known of the other contents whose create was announced and not yet answered. */
  readonly inDoubt: (archiveId: number, exceptId: number) => readonly DoubtfulContent[];
  /** The holding that is linked to this song. */
  readonly withSong: (archiveId: number, songId: number) => number | undefined;
}

const COLUMNS = `holding.id, holding.content_id AS contentId, content.sha256, content.md5, content.byte_size AS byteSize, content.tags,
  holding.signed_id AS signedId, holding.stored_at AS storedAt, holding.record_sent_at AS recordSentAt,
  holding.highest_song_id AS highestSongId, holding.record_name AS recordName, holding.attempts`;
const CONFIRMED = `SELECT holding.id, holding.content_id AS contentId, content.sha256, content.byte_size AS byteSize,
  holding.confirmed_at AS confirmedAt`;
/** What a flight came to is no news where the holding came to something else meanwhile. */
const OPEN = `id = ? AND state = 'open'`;
const HAS_TRACK = `EXISTS (SELECT 1 FROM track WHERE track.content_id = holding.content_id AND track.state = 'found')`;
/** Some track in these libraries has that content. */
const wantedIn = (list: string): string =>
  `EXISTS (SELECT 1 FROM track WHERE track.content_id = holding.content_id AND track.state = 'found' AND track.library_id IN ${list})`;

/** No next try is set further ahead; one that seems so was set before the clock was put back, and is due. */
export const LONGEST_WAIT_MS = 20 * 60_000;

export const createHoldings = (db: Database): Holdings => {
  const fresh = forLibraries((list) =>
    db.prepare<[number, number, number], Holding>(
      `SELECT ${COLUMNS} FROM holding JOIN content ON content.id = holding.content_id
     WHERE archive_id = ? AND holding.state = 'open' AND attempts = 0 AND holding.id > ? AND ${wantedIn(list)} ORDER BY holding.id LIMIT ?`,
    ),
  );
  const due = forLibraries((list) =>
    db.prepare<[number, number, number, number], Holding>(
      `SELECT ${COLUMNS} FROM holding JOIN content ON content.id = holding.content_id
     WHERE archive_id = ? AND holding.state = 'open' AND attempts > 0 AND (holding.next_try_at <= ? OR holding.next_try_at > ?) AND ${wantedIn(list)}
     ORDER BY holding.next_try_at LIMIT ?`,
    ),
  );
  const nextDue = forLibraries((list) =>
    db.prepare<[number], { at: number }>(
      `SELECT next_try_at AS at FROM holding WHERE archive_id = ? AND state = 'open' AND attempts > 0 AND ${wantedIn(list)} ORDER BY next_try_at LIMIT 1`,
    ),
  );
  const lastId = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM holding');
  const freshCount = db.prepare<[number, number, number], { n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM holding WHERE archive_id = ? AND state = 'open' AND attempts = 0 AND id > ? LIMIT ?)`,
  );
  const adoptPage = db.prepare<[number, number, number], { id: number; contentId: number }>(
    `SELECT id, content_id AS contentId FROM track WHERE library_id = ? AND state = 'found' AND content_id IS NOT NULL AND id > ?
     ORDER BY id LIMIT ?`,
  );
  const wantHolding = db.prepare<[number, number]>(
    'INSERT OR IGNORE INTO holding (archive_id, content_id) VALUES (?, ?)',
  );
  const ticketed = db.prepare<[string, number]>(
    'UPDATE holding SET signed_id = ?, stored_at = NULL, record_sent_at = NULL, highest_song_id = NULL WHERE id = ?',
  );
  const stored = db.prepare<[number, number]>('UPDATE holding SET stored_at = ? WHERE id = ?');
  const discardTicket = db.prepare<[number]>(
    'UPDATE holding SET signed_id = NULL, stored_at = NULL, record_sent_at = NULL, highest_song_id = NULL WHERE id = ?',
  );
  const recordIntended = db.prepare<[number, number, string, number]>(
    'UPDATE holding SET record_sent_at = ?, highest_song_id = ?, record_name = ? WHERE id = ?',
  );
  const recordUndone = db.prepare<[number]>(
    'UPDATE holding SET record_sent_at = NULL, highest_song_id = NULL WHERE id = ?',
  );
  const archived = db.prepare<[number, number, number, number]>(
    `UPDATE holding SET state = 'archived', song_id = ?, archived_at = ?, confirmed_at = ?, failure_class = NULL,
       failure_code = NULL, failure_message = NULL, attempts = 0, next_try_at = 0 WHERE id = ?`,
  );
  const toConfirm = forLibraries((list) =>
    db.prepare<[number, number, number, number, number], ConfirmedHolding>(
      `${CONFIRMED} FROM holding INDEXED BY holding_confirmed JOIN content ON content.id = holding.content_id
       WHERE archive_id = ? AND holding.state = 'archived' AND confirmed_at <= ? AND (confirmed_at, holding.id) > (?, ?)
         AND ${wantedIn(list)}
       ORDER BY confirmed_at, holding.id LIMIT ?`,
    ),
  );
  const archivedBetween = db.prepare<[number, number, number, number], ConfirmedHolding>(
    `${CONFIRMED} FROM holding JOIN content ON content.id = holding.content_id
     WHERE archive_id = ? AND holding.id > ? AND holding.id <= ? AND holding.state = 'archived' AND ${HAS_TRACK}
     ORDER BY holding.id LIMIT ?`,
  );
  const newest = forLibraries((list) =>
    db.prepare<[number], ConfirmedHolding>(
      `${CONFIRMED} FROM holding INDEXED BY holding_song JOIN content ON content.id = holding.content_id
       WHERE archive_id = ? AND song_id IS NOT NULL AND holding.state = 'archived' AND ${wantedIn(list)}
       ORDER BY song_id DESC LIMIT 1`,
    ),
  );
  const distrustConfirmedAfter = db.prepare<[number, number]>(
    `UPDATE holding INDEXED BY holding_confirmed SET confirmed_at = 0
     WHERE archive_id = ? AND state = 'archived' AND confirmed_at > ?`,
  );
  const confirmed = db.prepare<[number, number]>(
    `UPDATE holding SET confirmed_at = ? WHERE id = ? AND state = 'archived'`,
  );
  const lost = db.prepare<[number]>(
    `UPDATE holding SET state = 'open', signed_id = NULL, stored_at = NULL, record_sent_at = NULL, highest_song_id = NULL,
       song_id = NULL, archived_at = NULL, confirmed_at = NULL, attempts = 0, next_try_at = 0
     WHERE id = ? AND state = 'archived'`,
  );
  const creditSent = forLibraries((list) =>
    db.prepare<[number, number]>(
      `UPDATE track SET credit = 'sent', credit_run = ? WHERE id =
       (SELECT id FROM track WHERE content_id = ? AND state = 'found' AND library_id IN ${list} ORDER BY id LIMIT 1)`,
    ),
  );
  const tryLater = db.prepare<[number, string, string, string, number]>(
    `UPDATE holding SET attempts = attempts + 1, next_try_at = ?, failure_class = ?, failure_code = ?, failure_message = ? WHERE ${OPEN}`,
  );
  const lookAgain = db.prepare<[number, string, string, string, number]>(
    `UPDATE holding SET attempts = max(attempts, 1), next_try_at = ?, failure_class = ?, failure_code = ?, failure_message = ? WHERE ${OPEN}`,
  );
  const failed = db.prepare<[string, string, string, number]>(
    `UPDATE holding SET state = 'failed', attempts = attempts + 1, failure_class = ?, failure_code = ?, failure_message = ? WHERE ${OPEN}`,
  );
  const ofFailure = '(:class IS NULL OR failure_class = :class) AND (:code IS NULL OR failure_code = :code)';
  const open = (from: 'failed' | 'skipped') =>
    db.prepare<{ archive: number; class: string | null; code: string | null }>(
      `UPDATE holding SET state = 'open', attempts = 0, next_try_at = 0
       WHERE archive_id = :archive AND state = '${from}' AND ${ofFailure}`,
    );
  const reopen = open('failed');
  const takeBack = open('skipped');
  const reopenOf = db.prepare<[number]>(
    `UPDATE holding SET state = 'open', attempts = 0, next_try_at = 0
     WHERE content_id = (SELECT content_id FROM track WHERE id = ? AND state = 'found') AND state IN ('failed', 'skipped')`,
  );
  const ignore = db.prepare<{ archive: number; class: string | null; code: string | null }>(
    `UPDATE holding SET state = 'skipped' WHERE archive_id = :archive AND state = 'failed' AND ${ofFailure}`,
  );
  const stopWaiting = db.prepare<[number]>(
    `UPDATE holding SET attempts = 0, next_try_at = 0 WHERE archive_id = ? AND state = 'open' AND attempts > 0`,
  );
  const inDoubt = db.prepare<[number, number, number, number, number, number], DoubtfulContent>(
    ['open', 'failed', 'skipped']
      .map(
        (state) =>
          `SELECT content.sha256, content.md5, content.byte_size AS byteSize, content.tags
           FROM holding JOIN content ON content.id = holding.content_id
           WHERE archive_id = ? AND holding.state = '${state}' AND record_sent_at IS NOT NULL AND holding.id <> ?`,
      )
      .join(' UNION ALL '),
  );
  const withSong = db.prepare<[number, number], { id: number }>(
    'SELECT id FROM holding WHERE archive_id = ? AND song_id = ?',
  );
  return {
    fresh: (archiveId, libraryIds, after, limit) => fresh(libraryIds).all(archiveId, after, limit),
    due: (archiveId, libraryIds, now, limit) =>
      due(libraryIds).all(archiveId, now, now + LONGEST_WAIT_MS, limit),
    nextDue: (archiveId, libraryIds) => nextDue(libraryIds).get(archiveId)?.at,
    freshCount: (archiveId, after, limit) => freshCount.get(archiveId, after, limit)?.n ?? 0,
    lastId: () => lastId.get()?.id ?? 0,
    adopt: (archiveId, libraryId, after, limit) => {
      const page = adoptPage.all(libraryId, after, limit);
      for (const { contentId } of page) wantHolding.run(archiveId, contentId);
      return page.at(-1)?.id;
    },
    ticketed: (id, signedId) => void ticketed.run(signedId, id),
    stored: (id, now) => void stored.run(now, id),
    discardTicket: (id) => void discardTicket.run(id),
    recordIntended: (id, now, highestSongId, name) => void recordIntended.run(now, highestSongId, name, id),
    recordUndone: (id) => void recordUndone.run(id),
    archived: (id, songId, now) => void archived.run(songId, now, now, id),
    toConfirm: (archiveId, libraryIds, until, after, limit) =>
      toConfirm(libraryIds).all(archiveId, until, after.confirmedAt, after.id, limit),
    archivedBetween: (archiveId, after, last, limit) => archivedBetween.all(archiveId, after, last, limit),
    newest: (archiveId, libraryIds) => newest(libraryIds).get(archiveId),
    distrustConfirmedAfter: (archiveId, latest) => void distrustConfirmedAfter.run(archiveId, latest),
    confirmed: (id, now) => void confirmed.run(now, id),
    lost: (id) => void lost.run(id),
    creditSent: (contentId, runId, libraryIds) => void creditSent(libraryIds).run(runId, contentId),
    tryLater: (id, at, failure) => void tryLater.run(at, failure.class, failure.code, failure.message, id),
    lookAgain: (id, at, failure) => void lookAgain.run(at, failure.class, failure.code, failure.message, id),
    failed: (id, failure) => void failed.run(failure.class, failure.code, failure.message, id),
    reopen: (archive, failureClass, code) =>
      reopen.run({ archive, class: failureClass ?? null, code: code ?? null }).changes,
    reopenOf: (trackId) => reopenOf.run(trackId).changes,
    takeBack: (archive, failureClass, code) =>
      takeBack.run({ archive, class: failureClass ?? null, code: code ?? null }).changes,
    ignore: (archive, failureClass, code) =>
      ignore.run({ archive, class: failureClass ?? null, code: code ?? null }).changes,
    stopWaiting: (archiveId) => void stopWaiting.run(archiveId),
    inDoubt: (archiveId, exceptId) =>
      inDoubt.all(archiveId, exceptId, archiveId, exceptId, archiveId, exceptId),
    withSong: (archiveId, songId) => withSong.get(archiveId, songId)?.id,
  };
};
