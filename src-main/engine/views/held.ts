import type { Database } from 'better-sqlite3';
import { numbersIn } from './numbers.ts';

/** What one archive said of every content, by content. */
export interface Held {
  readonly outcomeOf: (content: number) => 'waiting' | 'archived' | 'failed' | 'skipped';
  /** Milliseconds since 1970; 0 where it is not archived. */
  readonly archivedAt: (content: number) => number;
}

const OUTCOMES = ['waiting', 'archived', 'failed', 'skipped'] as const;
const ARCHIVED = OUTCOMES.indexOf('archived');
const FAILED = OUTCOMES.indexOf('failed');
const SKIPPED = OUTCOMES.indexOf('skipped');

/** Read in one go: to look for a holding for each track of a million takes several times as long. */
export const createHeld = (db: Database): ((archiveId: number) => Held) => {
  const last = db.prepare<[], number | null>('SELECT max(id) FROM content').pluck();
  const settled = db
    .prepare<[number], string | null>(
      `SELECT group_concat(content_id || ',' || CASE state WHEN 'archived' THEN ${ARCHIVED} WHEN 'failed' THEN ${FAILED} ELSE ${SKIPPED} END || ',' || coalesce(archived_at, 0))
       FROM holding NOT INDEXED WHERE archive_id = ? AND state <> 'open'`,
    )
    .pluck();
  return (archiveId) => {
    const numbers = numbersIn(settled.get(archiveId) ?? null);
    const states = new Uint8Array((last.get() ?? 0) + 1);
    const times = new Float64Array(states.length);
    for (let at = 0; at < numbers.length; at += 3) {
      const content = numbers[at] ?? 0;
      const state = numbers[at + 1] ?? 0;
      states[content] = state;
      if (state === ARCHIVED) times[content] = numbers[at + 2] ?? 0;
    }
    return {
      outcomeOf: (content) => OUTCOMES[states[content] ?? 0] ?? 'waiting',
      archivedAt: (content) => times[content] ?? 0,
    };
  };
};
