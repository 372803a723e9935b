import type { Trouble } from './differences.ts';
import { signed64, type SystemStats } from './disk-stat.ts';
import { isFoundByScan } from './reasons.ts';

/** One entry as the walk saw it. */
export interface SeenEntry {
  /** The name, one character for each byte. */
  readonly key: string;
  readonly stats: SystemStats;
  readonly trouble?: Trouble;
}

export type TrackState = 'found' | 'skipped' | 'failed' | 'missing';

/** One track of the ledger as the query gives it: plain columns, for there are many. */
export type KnownTrack = readonly [
  id: bigint,
  nameAsText: string,
  byteSize: bigint,
  mtimeNs: bigint,
  ctimeNs: bigint,
  inode: bigint,
  state: TrackState,
  reason: string | null,
];

/** The ledger's numbers are signed; nearly all are equal as they are, which is the fast way. */
const isSame = (seen: bigint, known: bigint): boolean => seen === known || signed64(seen) === known;

export type Verdict = 'same' | 'changed' | 'touched' | 'back' | 'back-unchanged';

/** What an entry that is there now means for the track that the ledger knows at this place. */
export const compare = (known: KnownTrack, seen: SeenEntry): Verdict => {
  const [, , byteSize, mtimeNs, ctimeNs, inode, state, reason] = known;
  const { stats, trouble } = seen;
  // Whatever there is to say against it, a person has said to leave it out, as long as it is the file that it was.
  if (reason === 'ignored')
    return stats.size === byteSize &&
      isSame(stats.mtimeNs, mtimeNs) &&
      isSame(stats.ctimeNs, ctimeNs) &&
      isSame(stats.ino, inode)
      ? 'same'
      : 'changed';
  // What the scan objects to needs no second report, whatever else happened to the entry.
  if (trouble !== undefined) {
    // A disk that cannot show the entry now says nothing against what is known of it.
    if (trouble.reason === 'read_error' && state === 'found') return 'same';
    return state === trouble.state && reason === trouble.reason ? 'same' : 'changed';
  }
  const sameContent = stats.size === byteSize && isSame(stats.mtimeNs, mtimeNs);
  const sameStat = sameContent && isSame(stats.ctimeNs, ctimeNs) && isSame(stats.ino, inode);
  switch (state) {
    case 'found':
      return sameStat ? 'same' : sameContent ? 'touched' : 'changed';
    case 'missing':
      return sameStat ? 'back-unchanged' : 'back';
    case 'skipped':
    case 'failed': {
      // Nobody looked at it while it was left out, so nothing was forgotten of it either.
      if (reason === 'excluded') return sameStat ? 'back-unchanged' : 'back';
      const objectionIsGone = reason !== null && isFoundByScan(reason);
      // A chmod changes no more than ctime, and may be all that a failed track was waiting for.
      return sameStat && !objectionIsGone ? 'same' : 'changed';
    }
  }
};
