import type { Kysely, Transaction } from 'kysely';
import type { Song, SongMetadata } from '../../shared/api/songs.ts';
import type { BlobRow, Schema, SongRow } from '../database/schema.ts';

/** A song with what its blob tells. */
export const selectSongs = (db: Kysely<Schema> | Transaction<Schema>) =>
  db
    .selectFrom('song')
    .innerJoin('blob', 'blob.id', 'song.blob_id')
    .selectAll('song')
    .select(['blob.byte_size', 'blob.md5', 'blob.content_type', 'blob.key']);

export type SongWithBlob = SongRow & Pick<BlobRow, 'byte_size' | 'md5' | 'content_type' | 'key'>;

export const songOf = (row: SongWithBlob): Song => ({
  id: row.id,
  title: row.title,
  artist: row.artist,
  album: row.album,
  original_filename: row.original_filename,
  content_type: row.content_type,
  processing_status: row.processing_status,
  processing_error: row.processing_error,
  created_at: new Date(row.created_at).toISOString(),
  byte_size: row.byte_size,
  checksum: row.md5,
  sha256: row.sha256,
  album_artist: row.album_artist,
  composer: row.composer,
  genre: row.genre,
  year: row.year,
  track_number: row.track_number,
  disc_number: row.disc_number,
  duration: row.duration,
  codec: row.codec,
  bit_rate: row.bit_rate,
  has_artwork: row.has_artwork === null ? null : row.has_artwork === 1,
});

/** The columns that tags go into; what a client does not say is null. */
export const tagColumns = (tags: SongMetadata = {}) => ({
  title: tags.title ?? null,
  artist: tags.artist ?? null,
  album: tags.album ?? null,
  album_artist: tags.album_artist ?? null,
  composer: tags.composer ?? null,
  genre: tags.genre ?? null,
  year: tags.year ?? null,
  track_number: tags.track_number ?? null,
  disc_number: tags.disc_number ?? null,
});
