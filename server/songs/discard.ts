import type { BlobRow } from '../database/schema.ts';
import type { Services } from '../services.ts';

/** Takes a blob that no song has out of use, then its object, then its row. A death in between is cleaned up later. */
export const discard = async (
  services: Pick<Services, 'store' | 'writes'>,
  blob: BlobRow,
): Promise<boolean> => {
  const taken = await services.writes.run((trx) =>
    trx
      .updateTable('blob')
      .set({ state: 'removing' })
      .where('id', '=', blob.id)
      .where('state', 'in', ['pending', 'uploaded'])
      .executeTakeFirst(),
  );
  if (taken.numUpdatedRows === 0n) return false;
  return dropBlob(services, blob);
};

/** Removes the object and then the row of a blob that is `removing`. */
export const dropBlob = async (
  { store, writes }: Pick<Services, 'store' | 'writes'>,
  blob: BlobRow,
): Promise<true> => {
  await store.remove(blob.key);
  await writes.run((trx) =>
    trx.deleteFrom('blob').where('id', '=', blob.id).where('state', '=', 'removing').execute(),
  );
  return true;
};
