import type { Transaction } from 'kysely';
import type { Ticket, TicketItem } from '../../shared/api/tickets.ts';
import { API_PREFIX } from '../../shared/api/discovery.ts';
import type { Caller } from '../accounts/sessions.ts';
import type { BlobRow, NewBlob, Schema } from '../database/schema.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { checkAudioClaim, tameFilename } from './filename.ts';

/** One result per item, in their order. All rows are committed, in one transaction, before anybody hears of them. */
export const issueTickets = async (
  services: Services,
  caller: Caller,
  items: readonly TicketItem[],
): Promise<readonly (Ticket | Refusal)[]> => {
  const checked = await Promise.all(items.map((item) => checkItem(services, item)));
  const rows = await services.writes.run(async (trx) => {
    let room = services.settings.maxPendingPerUser - (await countPending(services, trx, caller));
    const results: (BlobRow | Refusal)[] = [];
    for (const [index, item] of items.entries()) {
      const refusal = checked[index];
      if (refusal !== undefined) results.push(refusal);
      else if (room <= 0) results.push(tooManyPending(services));
      else {
        room -= 1;
        results.push(
          await trx
            .insertInto('blob')
            .values(newBlob(services, caller, item))
            .returningAll()
            .executeTakeFirstOrThrow(),
        );
      }
    }
    return results;
  });
  services.probe('ticket_committed');
  return rows.map((row) => (row instanceof Refusal ? row : ticketOf(services, row)));
};

const checkItem = async (services: Services, item: TicketItem): Promise<Refusal | undefined> => {
  const { settings, space } = services;
  try {
    checkAudioClaim(item.filename, item.content_type, settings);
    if (item.byte_size > settings.maxByteSize) {
      throw new Refusal('too_large', `A file may have at most ${settings.maxByteSize} bytes here.`);
    }
    await space.demand(item.byte_size);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

/** Tickets that can still be used; one whose address has expired counts no more. */
const countPending = async (
  { settings, clock }: Services,
  trx: Transaction<Schema>,
  caller: Caller,
): Promise<number> => {
  const { pending } = await trx
    .selectFrom('blob')
    .select((eb) => eb.fn.countAll<number>().as('pending'))
    .where('state', '=', 'pending')
    .where('owner_id', '=', caller.id)
    .where('created_at', '>', clock() - settings.ticketLifetimeSeconds * 1000)
    .executeTakeFirstOrThrow();
  return Number(pending);
};

const tooManyPending = ({ settings }: Services): Refusal =>
  new Refusal(
    'too_many_pending',
    'Too many tickets are out that no bytes have come for. Use them, or wait until they expire.',
    { retryAfterSeconds: Math.min(60, settings.ticketLifetimeSeconds) },
  );

const newBlob = ({ store, clock }: Services, caller: Caller, item: TicketItem): NewBlob => ({
  owner_id: caller.id,
  key: store.newKey(),
  filename: tameFilename(item.filename),
  content_type: item.content_type.toLowerCase(),
  byte_size: item.byte_size,
  declared_md5: item.checksum ?? null,
  declared_sha256: item.sha256 ?? null,
  md5: null,
  sha256: null,
  state: 'pending',
  created_at: clock(),
});

const ticketOf = ({ signer, settings, publicUrl }: Services, blob: BlobRow): Ticket => {
  const signedId = signer.sign(
    'blob',
    { blob: blob.id, user: blob.owner_id, key: blob.key },
    settings.signedIdLifetimeSeconds,
  );
  const put = signer.sign(
    'put',
    {
      blob: blob.id,
      user: blob.owner_id,
      key: blob.key,
      type: blob.content_type,
      size: blob.byte_size,
      md5: blob.declared_md5,
      sha256: blob.declared_sha256,
    },
    settings.ticketLifetimeSeconds,
  );
  return {
    id: blob.id,
    key: blob.key,
    filename: blob.filename,
    content_type: blob.content_type,
    byte_size: blob.byte_size,
    checksum: blob.declared_md5,
    created_at: new Date(blob.created_at).toISOString(),
    signed_id: signedId,
    direct_upload: {
      url: `${publicUrl()}${API_PREFIX}/storage/${put}`,
      headers: {
        'Content-Type': blob.content_type,
        ...(blob.declared_md5 === null ? {} : { 'Content-MD5': blob.declared_md5 }),
      },
      signed_id: signedId,
    },
  };
};
