import type { ArchiveKind } from '../archive/connect.ts';

/** What a flight knows of its content: what the ledger keeps, and what only this attempt has. */
export interface FlightState {
  readonly signedId: string | null;
  readonly storedAt: number | null;
  readonly recordSentAt: number | null;
  /** The archive was asked in this attempt whether it has these bytes. */
  readonly askedKnown: boolean;
  /** A record was tried in this attempt, and the archive said that it has no bytes for it. */
  readonly bytesMissing: boolean;
  /** In this attempt the create was announced in the ledger and not yet sent. */
  readonly recordAnnounced: boolean;
}

export interface ArchiveManners {
  readonly kind: ArchiveKind;
  readonly known: boolean;
  readonly traditional: boolean;
}

/**
 * known: ask whether the archive has these bytes. send: ticket and PUT, in one slot. through: the file through the
 * archive. record: make the song. announce: keep in the ledger that a create is about to be sent. reconcile: find out
 * whether a create, whose answer was lost, happened.
 */
export type Step = 'known' | 'send' | 'through' | 'record' | 'announce' | 'reconcile';

/**
 * The next step of one content. An answer that was lost is asked for again only where asking is safe: our archive
 * verifies, so the record is tried first and bytes are sent again only when it has none. The Rails archive may hold torn
 * bytes under the old key, so a PUT without a known answer means a new ticket and the bytes again; and it makes a
 * song for every create, so a create without a known answer is looked for before it is repeated.
 */
export const nextStep = (state: FlightState, manners: ArchiveManners): Step => {
  if (manners.traditional) return manners.known && !state.askedKnown ? 'known' : 'through';
  if (manners.kind === 'ledgerline') {
    if (state.signedId === null) return manners.known && !state.askedKnown ? 'known' : 'send';
    return state.storedAt === null && state.bytesMissing ? 'send' : 'record';
  }
  if (state.signedId === null || state.storedAt === null) return 'send';
  if (state.recordSentAt === null) return 'announce';
  return state.recordAnnounced ? 'record' : 'reconcile';
};
