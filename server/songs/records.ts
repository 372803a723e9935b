import type { Transaction } from 'kysely';
import type { RecordItem, Song, SongMetadata } from '../../shared/api/songs.ts';
import type { Caller } from '../accounts/sessions.ts';
import type { BlobRow, Schema, SongRow } from '../database/schema.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { agreesWithName, detectStoredFormat } from './audio-check.ts';
import { discard, dropBlob } from './discard.ts';
import { checkAudioClaim, tameFilename } from './filename.ts';
import { selectSongs, songOf, type SongWithBlob, tagColumns } from './song-row.ts';
import { asRefusal, noteStored, readBack } from './uploads.ts';

/** 201: this request made the song. 200: it was there. */
export interface Recorded {
  readonly status: 200 | 201;
  readonly song: Song;
}

/** A blob whose bytes are there, verified and audio: all that is missing is its song. */
export interface ReadyBlob {
  readonly blob: BlobRow;
  readonly filename: string;
  readonly metadata: SongMetadata | undefined;
  /** A song with the same bytes whose object is lost; it gets this blob's. */
  readonly lostBlobId: number | undefined;
}

/** One result per item, in their order; one transaction for all of them. Asking again gives the same songs. */
export const recordSongs = async (
  services: Services,
  caller: Caller,
  items: readonly RecordItem[],
): Promise<readonly (Recorded | Refusal)[]> => {
  const prepared = await Promise.all(items.map((item) => prepareOrRefuse(services, caller, item)));
  return recordReady(services, caller, prepared);
};

export const recordReady = async (
  services: Services,
  caller: Caller,
  prepared: readonly (ReadyBlob | Recorded | Refusal)[],
): Promise<readonly (Recorded | Refusal)[]> => {
  const isReady = (item: ReadyBlob | Recorded | Refusal): item is ReadyBlob =>
    !(item instanceof Refusal) && 'blob' in item;
  if (!prepared.some(isReady)) return prepared.flatMap((item) => (isReady(item) ? [] : [item]));

  const outcome = await services.writes.run(async (trx) => {
    const spare: BlobRow[] = [];
    const results: (Recorded | Refusal)[] = [];
    for (const item of prepared) {
      results.push(isReady(item) ? await recordOne(services, trx, item, spare) : item);
    }
    return { spare, results };
  });
  services.probe('song_committed');
  const made = outcome.results.filter((result) => !(result instanceof Refusal) && result.status === 201);
  for (const result of made) {
    if (result instanceof Refusal) continue;
    const { id, sha256, byte_size } = result.song;
    services.audit('song_recorded', { user: caller.id, song: id, sha256, byte_size });
  }
  services.songQueued();
  services.probe('job_queued');
  for (const blob of outcome.spare) await dropBlob(services, blob);
  return outcome.results;
};

const prepareOrRefuse = async (
  services: Services,
  caller: Caller,
  item: RecordItem,
): Promise<ReadyBlob | Recorded | Refusal> => {
  try {
    return await prepare(services, caller, item);
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal instanceof Refusal) return refusal;
    throw refusal;
  }
};

const prepare = async (
  services: Services,
  caller: Caller,
  item: RecordItem,
): Promise<ReadyBlob | Recorded> => {
  const { db, signer } = services;
  const verdict = signer.verify('blob', item.blob_signed_id);
  // Somebody else's signed id is answered like one that never was.
  if (verdict.kind !== 'valid' || verdict.claims.user !== caller.id) throw unknownSignedId();
  const blob = await db
    .selectFrom('blob')
    .selectAll()
    .where('id', '=', verdict.claims.blob)
    .where('key', '=', verdict.claims.key)
    .where('owner_id', '=', caller.id)
    .executeTakeFirst();
  if (blob === undefined) throw unknownSignedId();

  const stored = await demandStored(services, blob);
  if (stored.state === 'recorded') {
    const song = await selectSongs(db).where('song.blob_id', '=', blob.id).executeTakeFirstOrThrow();
    return { status: 200, song: songOf(song) };
  }
  const filename = tameFilename(item.filename);
  checkAudioClaim(filename, stored.content_type, services.settings);
  return checkedBlob(services, stored, filename, item.metadata);
};

/** Reads the beginning of a stored blob. What is no audio is removed, and refused (422). */
export const checkedBlob = async (
  services: Services,
  blob: BlobRow,
  filename: string,
  metadata: SongMetadata | undefined,
): Promise<ReadyBlob> => {
  const format = await detectStoredFormat(services.store, blob.key);
  if (format === undefined || !agreesWithName(format, filename)) {
    await discard(services, blob);
    throw new Refusal(
      'not_audio',
      format === undefined
        ? 'These bytes are no audio that is taken. They were removed again.'
        : `The name says something else than the bytes, which are ${format}. They were removed again.`,
    );
  }
  return { blob, filename, metadata, lostBlobId: await lostTwin(services, blob) };
};

/** The blob as the database has it once its bytes are known to be there. Throws a {@link Refusal}. */
const demandStored = async (services: Services, blob: BlobRow): Promise<BlobRow> => {
  switch (blob.state) {
    case 'removing':
      throw unknownSignedId();
    case 'uploaded':
    case 'recorded': {
      const object = await services.store.head(blob.key);
      if (object?.byteSize !== blob.byte_size) throw notUploaded();
      return blob;
    }
    case 'pending': {
      // The archive may have died after it stored the bytes and before it noted so.
      const found = await readBack(services, blob);
      if (found === undefined) throw notUploaded();
      const meant =
        found.byteSize === blob.byte_size &&
        (blob.declared_md5 ?? found.md5) === found.md5 &&
        (blob.declared_sha256 ?? found.sha256) === found.sha256;
      if (!meant) throw notUploaded();
      await services.store.persist(blob.key);
      if (!(await noteStored(services, blob, found))) throw unknownSignedId();
      return { ...blob, state: 'uploaded', md5: found.md5, sha256: found.sha256 };
    }
  }
};

/** The blob of the owner's song with the same bytes, where the store has lost that song's object. */
const lostTwin = async ({ db, store }: Services, blob: BlobRow): Promise<number | undefined> => {
  const twin = await db
    .selectFrom('song')
    .innerJoin('blob', 'blob.id', 'song.blob_id')
    .select(['song.blob_id', 'blob.key', 'blob.byte_size'])
    .where('song.owner_id', '=', blob.owner_id)
    .where('song.sha256', '=', blob.sha256 ?? '')
    .executeTakeFirst();
  if (twin === undefined || twin.blob_id === blob.id) return undefined;
  return (await store.head(twin.key))?.byteSize === twin.byte_size ? undefined : twin.blob_id;
};

const recordOne = async (
  { clock }: Services,
  trx: Transaction<Schema>,
  { blob, filename, metadata, lostBlobId }: ReadyBlob,
  spare: BlobRow[],
): Promise<Recorded | Refusal> => {
  const now = await trx.selectFrom('blob').selectAll().where('id', '=', blob.id).executeTakeFirst();
  if (now?.sha256 === null || now?.sha256 === undefined || now.state === 'removing') return unknownSignedId();
  const twin = await trx
    .selectFrom('song')
    .select(['id', 'blob_id'])
    .where('owner_id', '=', now.owner_id)
    .where('sha256', '=', now.sha256)
    .executeTakeFirst();
  if (twin !== undefined && twin.blob_id !== lostBlobId) {
    if (twin.blob_id !== now.id) {
      await setState(trx, now.id, 'removing');
      spare.push(now);
    }
    return { status: 200, song: songOf(await songById(trx, twin.id)) };
  }
  await setState(trx, now.id, 'recorded');
  if (twin !== undefined) return heal(trx, twin, now, spare);
  const song = await trx
    .insertInto('song')
    .values({
      owner_id: now.owner_id,
      blob_id: now.id,
      sha256: now.sha256,
      original_filename: filename,
      ...tagColumns(metadata),
      processing_status: 'queued',
      created_at: clock(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { status: 201, song: songOf({ ...now, ...song }) };
};

/** Gives a song whose object is lost the one that has just arrived. */
const heal = async (
  trx: Transaction<Schema>,
  song: Pick<SongRow, 'id' | 'blob_id'>,
  blob: BlobRow,
  spare: BlobRow[],
): Promise<Recorded> => {
  await trx
    .updateTable('song')
    .set({ blob_id: blob.id, processing_status: 'queued', processing_error: null })
    .where('id', '=', song.id)
    .execute();
  const lost = await trx
    .selectFrom('blob')
    .selectAll()
    .where('id', '=', song.blob_id)
    .executeTakeFirstOrThrow();
  await setState(trx, lost.id, 'removing');
  spare.push(lost);
  return { status: 200, song: songOf(await songById(trx, song.id)) };
};

const songById = (trx: Transaction<Schema>, id: number): Promise<SongWithBlob> =>
  selectSongs(trx).where('song.id', '=', id).executeTakeFirstOrThrow();

const setState = async (trx: Transaction<Schema>, id: number, state: BlobRow['state']): Promise<void> => {
  await trx.updateTable('blob').set({ state }).where('id', '=', id).execute();
};

const unknownSignedId = (): Refusal =>
  new Refusal('not_found', 'This signed id is not known. Ask for a new ticket.');

const notUploaded = (): Refusal =>
  new Refusal('not_uploaded', 'The bytes of this ticket are not here. Send them first.');
