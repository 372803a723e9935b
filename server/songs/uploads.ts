import type { BlobRow } from '../database/schema.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { type Digests, type Expected, ObjectExistsError, StorageError } from '../storage/contract.ts';
import { digestsOf } from '../storage/digests.ts';

/**
 * Stores the bytes of a blob and notes that they are there. Resolves when both are durable; the same bytes once more
 * are welcome, other bytes are refused and harm nothing. Throws a {@link Refusal}.
 */
export const receiveBytes = async (
  services: Services,
  blob: BlobRow,
  bytes: AsyncIterable<Buffer>,
  expected: Expected,
): Promise<Digests> => {
  const { store } = services;
  // The store decides, not the row: what a row tells of may be lost, and what none tells of may be there (then
  // the put below finds out).
  if (blob.state !== 'pending' && (await store.head(blob.key)) !== undefined) {
    // Only the length: whatever else was announced, what is stored decides now.
    const { byteSize, maxByteSize } = expected;
    return compareWithStored(
      services,
      blob,
      await refusing(() => digestsOf(bytes, { byteSize, maxByteSize })),
    );
  }
  let stored: Digests;
  try {
    stored = await store.put(blob.key, bytes, expected);
  } catch (error) {
    // Another request with the same ticket was faster.
    if (error instanceof ObjectExistsError) return compareWithStored(services, blob, error.sent);
    throw asRefusal(error);
  }
  if (!(await noteStored(services, blob, stored))) {
    // The clean-up took the row while the bytes were on their way.
    await store.remove(blob.key);
    throw gone();
  }
  services.probe('row_committed');
  return stored;
};

const compareWithStored = async (services: Services, blob: BlobRow, sent: Digests): Promise<Digests> => {
  const stored = await readBack(services, blob);
  if (stored?.sha256 !== sent.sha256) {
    throw new Refusal('already_stored', 'Other bytes are stored under this ticket. They stay as they are.');
  }
  await services.store.persist(blob.key);
  if (!(await noteStored(services, blob, sent))) throw gone();
  return sent;
};

const gone = (): Refusal =>
  new Refusal('not_found', 'This ticket is gone. Ask for a new one and send the bytes again.');

/** What is stored under a blob's key, read back; undefined where nothing is. */
export const readBack = async (
  { store, settings }: Services,
  blob: BlobRow,
): Promise<Digests | undefined> => {
  if ((await store.head(blob.key)) === undefined) return undefined;
  return digestsOf(store.read(blob.key), { maxByteSize: settings.maxByteSize });
};

/** Moves a blob on to `uploaded`. False: it is gone, or on its way out. Safe to repeat. */
export const noteStored = async (
  { writes }: Services,
  blob: BlobRow,
  { md5, sha256, byteSize }: Digests,
): Promise<boolean> =>
  writes.run(async (trx) => {
    const now = await trx
      .selectFrom('blob')
      .select(['state', 'sha256'])
      .where('id', '=', blob.id)
      .executeTakeFirst();
    switch (now?.state) {
      case 'pending':
        await trx
          .updateTable('blob')
          .set({ state: 'uploaded', md5, sha256, byte_size: byteSize })
          .where('id', '=', blob.id)
          .where('state', '=', 'pending')
          .execute();
        return true;
      case 'uploaded':
      case 'recorded':
        return now.sha256 === sha256;
      case 'removing':
      case undefined:
        return false;
    }
  });

const refusing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw asRefusal(error);
  }
};

/** How trouble with bytes is told to the one who sent them. */
export const asRefusal = (error: unknown): unknown => {
  if (!(error instanceof StorageError)) return error;
  const { code, message } = error;
  switch (code) {
    case 'length_mismatch':
    case 'checksum_mismatch':
    case 'too_large':
      return new Refusal(code, message);
    case 'storage_full':
      return new Refusal('storage_full', 'The archive has no room left.', { cause: error });
    case 'object_exists':
      return new Refusal('already_stored', message);
    case 'interrupted':
      // Whoever passes the bytes on may have refused them himself.
      if (error.cause instanceof Refusal) return error.cause;
      return new Refusal('invalid_request', message, { cause: error });
    case 'object_missing':
    case 'storage_unavailable':
      return new Refusal('storage_unavailable', 'The storage cannot be used right now. Please try again.', {
        retryAfterSeconds: 5,
        cause: error,
      });
  }
};
