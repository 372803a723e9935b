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

/**
 * Read in one go: to look for a holding for each track of a million takes several times as long.
 * The second parameter: the ids of the tracks that it is about, in JSON, where these are few.
 */
export const createHeld = (db: Database): ((archiveId: number, few?: string) => Held) => {
  const last = db.prepare<[], number | null>('SELECT max(id) FROM content').pluck();
  const settledIn = (holdings: string) =>
    db
      .prepare<(number | string)[], string | null>(
        `SELECT group_concat(holding.content_id || ',' || CASE holding.state WHEN 'archived' THEN ${ARCHIVED} WHEN 'failed' THEN ${FAILED} ELSE ${SKIPPED} END || ',' || coalesce(archived_at, 0))
         FROM ${holdings} AND holding.state <> 'open'`,
      )
      .pluck();
  const all = settledIn('holding NOT INDEXED WHERE archive_id = ?');
  const ofFew = settledIn(
    `json_each(?) AS one CROSS JOIN track ON track.id = one.value
       CROSS JOIN holding ON holding.content_id = track.content_id WHERE holding.archive_id = ?`,
  );
  return (archiveId, few) => {
    const numbers = numbersIn((few === undefined ? all.get(archiveId) : ofFew.get(few, archiveId)) ?? null);
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
