import type { Kysely } from 'kysely';
import type { GroupedWrites } from '../database/grouped-writes.ts';
import type { Schema, SongRow } from '../database/schema.ts';
import type { Media } from './messages.ts';

export interface Job {
  readonly songId: number;
  readonly blobId: number;
  readonly key: string;
}

export type Outcome =
  { readonly job: Job; readonly media: Media } | { readonly job: Job; readonly reason: string };

/** The songs that wait for their tags to be read are the queue: there is no second list that could go astray. */
export interface ProcessingQueue {
  /** Takes up to so many songs, oldest first. */
  claim(limit: number): Promise<readonly Job[]>;
  /** Writes down what became of them, in one transaction. */
  settle(outcomes: readonly Outcome[]): Promise<void>;
  /** Puts back what was being read: after a stop, or at the start after a death. */
  putBack(): Promise<void>;
}

export const createProcessingQueue = (db: Kysely<Schema>, writes: GroupedWrites): ProcessingQueue => ({
  async claim(limit) {
    const waiting = await db
      .selectFrom('song')
      .select('id')
      .where('processing_status', '=', 'queued')
      .limit(1)
      .execute();
    if (waiting.length === 0) return [];
    return writes.run(async (trx) => {
      const rows = await trx
        .selectFrom('song')
        .innerJoin('blob', 'blob.id', 'song.blob_id')
        .select(['song.id as songId', 'blob.id as blobId', 'blob.key'])
        .where('processing_status', '=', 'queued')
        .orderBy('song.id')
        .limit(limit)
        .execute();
      await trx
        .updateTable('song')
        .set({ processing_status: 'processing' })
        .where(
          'id',
          'in',
          rows.map((row) => row.songId),
        )
        .execute();
      return rows;
    });
  },

  settle: (outcomes) =>
    writes.run(async (trx) => {
      for (const outcome of outcomes) {
        const song = await trx
          .selectFrom('song')
          .selectAll()
          .where('id', '=', outcome.job.songId)
          // A song whose bytes were replaced meanwhile is queued again; this outcome is of the old ones.
          .where('blob_id', '=', outcome.job.blobId)
          .where('processing_status', '=', 'processing')
          .executeTakeFirst();
        if (song === undefined) continue;
        await trx
          .updateTable('song')
          .set(
            'media' in outcome
              ? { ...mergedTags(song, outcome.media), processing_status: 'needs_review' }
              : { processing_status: 'unreadable', processing_error: outcome.reason },
          )
          .where('id', '=', song.id)
          .execute();
      }
    }),

  putBack: () =>
    writes.run(async (trx) => {
      await trx
        .updateTable('song')
        .set({ processing_status: 'queued' })
        .where('processing_status', '=', 'processing')
        .execute();
    }),
});

/** The file's own tags, and the client's where the file says nothing. */
const mergedTags = (song: SongRow, media: Media) => ({
  title: media.title ?? song.title,
  artist: media.artist ?? song.artist,
  album: media.album ?? song.album,
  album_artist: media.album_artist ?? song.album_artist,
  composer: media.composer ?? song.composer,
  genre: media.genre ?? song.genre,
  year: media.year ?? song.year,
  track_number: media.track_number ?? song.track_number,
  disc_number: media.disc_number ?? song.disc_number,
  duration: media.duration,
  codec: media.codec,
  bit_rate: media.bit_rate,
  has_artwork: media.has_artwork ? 1 : 0,
  processing_error: null,
});
