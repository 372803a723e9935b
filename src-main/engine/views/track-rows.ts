import type { Database } from 'better-sqlite3';
import type { TrackOutcomeNow, TrackRow } from '../../../shared/bridge/tracks.ts';
import type { Tags } from '../audio/tags.ts';
import { leftOutSentence, sentenceOf } from '../ledger/failure-groups.ts';
import { type Place, shownPath } from '../library/place.ts';
import { OUTCOME } from './outcome.ts';

/** What a row of the table is made of. */
export interface TrackFacts extends Place {
  readonly id: number;
  readonly bytes: number;
  readonly outcome: TrackOutcomeNow;
  readonly archivedAt: number | null;
  /** JSON; null until it is read. */
  readonly tags: string | null;
  readonly code: string | null;
  readonly message: string | null;
  /** 1 for skipped: it had failed, and a person said to leave it out. */
  readonly failedBefore: number;
}

export const FACTS = `track.id, library.path AS libraryPath, folder.path AS folderPath, track.name, track.byte_size AS bytes,
  ${OUTCOME} AS outcome, iif(track.state IN ('found', 'missing') AND holding.state = 'archived', holding.archived_at, NULL) AS archivedAt,
  content.tags, CASE WHEN track.state = 'found' THEN holding.failure_code WHEN track.reason = 'ignored' THEN coalesce(track.detail, track.reason)
    ELSE track.reason END AS code,
  iif(track.state = 'found', holding.failure_message, NULL) AS message,
  track.state = 'found' OR track.reason IS 'ignored' AS failedBefore`;
/** The archive is the first parameter. */
export const FACTS_FROM = `track JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id
  LEFT JOIN content ON content.id = track.content_id
  LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id`;

/** Of one track; undefined where it is not in the ledger any more. */
export const createTrackFacts = (
  db: Database,
): ((archiveId: number, id: number) => TrackFacts | undefined) => {
  const facts = db.prepare<[number, number], TrackFacts>(
    `SELECT ${FACTS} FROM ${FACTS_FROM} WHERE track.id = ?`,
  );
  return (archiveId, id) => facts.get(archiveId, id);
};

export const rowOf = (facts: TrackFacts): TrackRow => {
  const tags = tagsOf(facts.tags);
  const sentence = reasonOf(facts);
  return {
    id: facts.id,
    path: shownPath(facts),
    title: tags?.title ?? '',
    artist: tags?.artist ?? '',
    album: tags?.album ?? '',
    bytes: facts.bytes,
    outcome: facts.outcome,
    archivedAt: facts.archivedAt,
    reason: sentence === null ? null : inFewWords(sentence),
  };
};

/** Why it failed or is left out, with what can be done where the words say it. */
export const reasonOf = ({ outcome, code, message, failedBefore }: TrackFacts): string | null => {
  if ((outcome !== 'failed' && outcome !== 'skipped') || code === null) return null;
  const sentence = sentenceOf(code, message);
  return outcome === 'skipped' && failedBefore === 1 ? leftOutSentence(sentence) : sentence;
};

export const tagsOf = (tags: string | null): Tags | undefined =>
  // Written by this engine alone, see engine/audio/tags.ts.
  tags === null ? undefined : (JSON.parse(tags) as Tags);

/** What happened, without what to do about it. */
const inFewWords = (sentence: string): string => /^.+?\.(?=\s|$)/s.exec(sentence)?.[0] ?? sentence;
