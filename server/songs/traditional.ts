import { extensionOf, mimeTypeOfExtension } from '../../shared/audio-types.ts';
import type { SongMetadata } from '../../shared/api/songs.ts';
import type { Caller } from '../accounts/sessions.ts';
import type { BlobRow } from '../database/schema.ts';
import type { Services } from '../services.ts';
import type { Digests } from '../storage/contract.ts';
import { discard } from './discard.ts';
import { checkAudioClaim, tameFilename } from './filename.ts';
import { checkedBlob, type ReadyBlob } from './records.ts';
import { asRefusal, receiveBytes } from './uploads.ts';

export interface ReceivedFile {
  readonly blob: BlobRow;
  readonly digests: Digests;
}

/**
 * Makes the row that an upload without a ticket is stored under. It comes before the bytes, as always, so that an
 * object without a row is known to be nobody's.
 */
export const announceUpload = async (
  services: Services,
  caller: Caller,
  name: string,
  mimeType: string,
): Promise<BlobRow> => {
  const { settings, store, clock, writes, space } = services;
  const filename = tameFilename(name);
  // Many programs say this of whatever they send; then the name says more.
  const unsaid = mimeType === 'application/octet-stream' || mimeType === '';
  const contentType = (
    unsaid ? (mimeTypeOfExtension(extensionOf(filename)) ?? mimeType) : mimeType
  ).toLowerCase();
  checkAudioClaim(filename, contentType, settings);
  await space.demand(1);
  return writes.run((trx) =>
    trx
      .insertInto('blob')
      .values({
        owner_id: caller.id,
        key: store.newKey(),
        filename,
        content_type: contentType,
        byte_size: 0,
        declared_md5: null,
        declared_sha256: null,
        md5: null,
        sha256: null,
        state: 'pending',
        created_at: clock(),
      })
      .returningAll()
      .executeTakeFirstOrThrow(),
  );
};

/** Stores the bytes; on any trouble nothing is left of the upload. */
export const receiveFile = async (
  services: Services,
  blob: BlobRow,
  bytes: AsyncIterable<Buffer>,
  checksums: { readonly md5: string | undefined; readonly sha256: string | undefined },
): Promise<ReceivedFile> => {
  try {
    const { maxByteSize } = services.settings;
    return { blob, digests: await receiveBytes(services, blob, bytes, { maxByteSize, ...checksums }) };
  } catch (error) {
    await discard(services, blob);
    throw error;
  }
};

export const finishUpload = async (
  services: Services,
  { blob, digests }: ReceivedFile,
  metadata: SongMetadata | undefined,
): Promise<ReadyBlob> => {
  try {
    const { md5, sha256, byteSize } = digests;
    const stored: BlobRow = { ...blob, state: 'uploaded', md5, sha256, byte_size: byteSize };
    return await checkedBlob(services, stored, blob.filename, metadata);
  } catch (error) {
    throw asRefusal(error);
  }
};
