import type { AcceptedPut } from './accepted-puts.ts';
import type { LedgerView } from './ledger.ts';
import { breach, type Breach, type PutCounts } from './verdict.ts';

export interface PutFindings {
  readonly counts: PutCounts;
  readonly breaches: readonly Breach[];
}

/**
 * Whether bytes were sent again whose arrival the client had written down. Two witnesses: the archive's log says when
 * which bytes came; the ledger adds a PUT to its run in the same transaction that dates the content, and a new ticket
 * takes the date away, so with every PUT kept once both numbers are equal.
 * @param deaths how many times client or archive were killed, times the uploads under way: at most so many answers can
 *   have been lost before they were written down, and each lets the bytes be sent once more
 */
export const putFindings = (
  accepted: readonly AcceptedPut[],
  ledger: LedgerView,
  lostAnswers: number,
): PutFindings => {
  const own = accepted.filter((put) => put.ownerId === ledger.ownerId);
  const times = new Map<string, number>();
  const breaches: Breach[] = [];
  for (const { sha256, at } of own) {
    times.set(sha256, (times.get(sha256) ?? 0) + 1);
    const storedAt = ledger.storedAt.get(sha256);
    if (storedAt !== undefined && at > storedAt)
      breaches.push(
        breach('puts', `${sha256} was sent again ${at - storedAt} ms after its arrival was written down`),
      );
  }
  const dated = ledger.storedAt.size;
  if (ledger.committedPuts !== dated)
    breaches.push(
      breach(
        'puts',
        `the ledger counts ${ledger.committedPuts} PUTs, and dates the arrival of ${dated} contents`,
      ),
    );
  for (const sha256 of ledger.storedAt.keys()) {
    if (!times.has(sha256))
      breaches.push(
        breach('puts', `the ledger says ${sha256} arrived, and the archive's log knows of no PUT`),
      );
  }
  const repeated = own.length - times.size;
  if (repeated > lostAnswers)
    breaches.push(
      breach('puts', `${repeated} PUTs were repeated, and at most ${lostAnswers} answers can have been lost`),
    );
  return {
    counts: { accepted: own.length, contents: times.size, repeated, committed: ledger.committedPuts },
    breaches,
  };
};
