/**
 * archived: every file of the library is in the archive with the same bytes, or is listed with a reason, and the
 * counts add up. once: one song for each content and owner, one object for each song, nothing beside them. puts: no
 * bytes sent again whose arrival the client had written down. untouched: the library is as it was. secrets: none
 * where it must not stand. health: the databases are sound.
 */
export type Rule = 'archived' | 'once' | 'puts' | 'untouched' | 'secrets' | 'health';

export interface Breach {
  readonly rule: Rule;
  readonly message: string;
}

export interface Counts {
  /** Files of the library that ought to be archived. */
  readonly eligible: number;
  readonly archived: number;
  /** In the ledger as skipped or failed, with the reason. */
  readonly listed: number;
  /** Only where the work may be unfinished. */
  readonly waiting: number;
  readonly songs: number;
  readonly blobs: number;
  readonly objects: number;
  readonly puts: PutCounts;
}

export interface PutCounts {
  /** PUTs that the archive took, by its own log. */
  readonly accepted: number;
  /** Different contents among them. */
  readonly contents: number;
  /** What was taken more than once, counted beyond the first time. Each needs a death before its first answer was kept. */
  readonly repeated: number;
  /** PUTs whose answer the client wrote down, over all of its runs. */
  readonly committed: number;
}

export interface Verdict {
  readonly breaches: readonly Breach[];
  readonly counts: Counts;
}

export const breach = (rule: Rule, message: string): Breach => ({ rule, message });
