import type { Generated, Insertable, Selectable } from 'kysely';
import type { Role } from '../../shared/api/auth.ts';
import type { ProcessingStatus } from '../../shared/api/songs.ts';

/** The archive's tables. Times are milliseconds since 1970, sizes bytes, digests as the API writes them. */
export interface Schema {
  archive: ArchiveTable;
  user: UserTable;
  session: SessionTable;
  login_throttle: LoginThrottleTable;
  blob: BlobTable;
  song: SongTable;
}

/** One row: who this archive is. */
interface ArchiveTable {
  archive_id: string;
  created_at: number;
}

interface UserTable {
  id: Generated<number>;
  /** Lower case. */
  email: string;
  /** null: this account cannot log in with a password; an embedding program opens its sessions. */
  password_hash: string | null;
  role: Role;
  created_at: number;
}

/** One pair of tokens. A refresh adds the next pair to the same family. */
interface SessionTable {
  id: Generated<number>;
  user_id: number;
  family: string;
  /** SHA-256 of the bearer token; the token itself is nowhere. */
  access_hash: string;
  access_expires_at: number;
  refresh_hash: string;
  refresh_expires_at: number;
  /** When the refresh token was used. */
  rotated_at: number | null;
  created_at: number;
}

interface LoginThrottleTable {
  /** A digest of the account's name, the caller's address, or both. */
  subject: string;
  failures: number;
  blocked_until: number;
  last_failure_at: number;
}

/**
 * pending: a ticket was given · uploaded: the bytes are stored and verified · recorded: a song points here, for
 * good · removing: the clean-up took it, nobody may use it any more. Each change is a compare-and-set.
 */
export type BlobState = 'pending' | 'uploaded' | 'recorded' | 'removing';

interface BlobTable {
  id: Generated<number>;
  owner_id: number;
  key: string;
  filename: string;
  content_type: string;
  /** As announced; 0 while an upload whose length was not announced is under way. */
  byte_size: number;
  declared_md5: string | null;
  declared_sha256: string | null;
  /** Of what is stored; null until it is. */
  md5: string | null;
  sha256: string | null;
  state: BlobState;
  created_at: number;
}

interface SongTable {
  id: Generated<number>;
  owner_id: number;
  blob_id: number;
  /** The same as the blob's; here for unique(owner, sha256). */
  sha256: string;
  original_filename: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  album_artist: string | null;
  composer: string | null;
  genre: string | null;
  year: number | null;
  track_number: number | null;
  disc_number: number | null;
  /** Seconds. */
  duration: number | null;
  codec: string | null;
  /** Bits per second. */
  bit_rate: number | null;
  /** 0 or 1; null until the file was read. */
  has_artwork: number | null;
  processing_status: ProcessingStatus;
  processing_error: string | null;
  created_at: number;
}

export type UserRow = Selectable<UserTable>;
export type SessionRow = Selectable<SessionTable>;
export type BlobRow = Selectable<BlobTable>;
export type NewBlob = Insertable<BlobTable>;
export type SongRow = Selectable<SongTable>;
