import type { Services } from '../services.ts';
import { StorageError } from '../storage/contract.ts';
import { digestsOf } from '../storage/digests.ts';
import { selectSongs, type SongWithBlob } from './song-row.ts';

export interface CheckedSong {
  readonly id: number;
  readonly filename: string;
}
export interface DamagedSong extends CheckedSong {
  readonly fault: 'missing' | 'wrong_size' | 'wrong_bytes';
}

export interface VerifyReport {
  readonly songs: number;
  readonly damaged: readonly DamagedSong[];
  /** Those of the damaged ones whose object could not be put aside: the archive still says that it has them. */
  readonly stuck: readonly CheckedSong[];
  /** Songs whose object is there and cannot be read now. Whether it is damaged nobody knows yet. */
  readonly unreadable: readonly CheckedSong[];
}

const BATCH = 500;

/**
 * Looks at the object of every song: is it there, in its full length and, with `readBytes`, byte for byte what was
 * stored? A damaged one is put aside, so that the archive says no longer that it has it; whoever sends the same bytes
 * again repairs the song under its old id. One that cannot be put aside is named, and the others are looked at all the
 * same. What the disk does not give out today may be well tomorrow; so it is named,
 * and left where it is. Works beside a running archive.
 */
export const verifyObjects = async (
  services: Pick<Services, 'db' | 'store' | 'audit'>,
  { readBytes }: { readonly readBytes: boolean } = { readBytes: false },
): Promise<VerifyReport> => {
  const damaged: DamagedSong[] = [];
  const unreadable: CheckedSong[] = [];
  const stuck: CheckedSong[] = [];
  let songs = 0;
  for (let after = 0; ;) {
    const rows = await selectSongs(services.db)
      .where('song.id', '>', after)
      .orderBy('song.id')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const fault = await faultOf(services, row, readBytes);
      const song = { id: row.id, filename: row.original_filename };
      if (fault instanceof StorageError) {
        unreadable.push(song);
        services.audit('object_unreadable', { song: row.id, key: row.key, cause: fault.systemCode });
      } else if (fault !== undefined) {
        damaged.push({ ...song, fault });
        services.audit('damage_found', { song: row.id, fault, key: row.key });
        const trouble = fault === 'missing' ? undefined : await putAside(services, row.key);
        if (trouble !== undefined) {
          stuck.push(song);
          services.audit('object_stuck', { song: row.id, key: row.key, cause: trouble.systemCode });
        }
      }
      songs += 1;
      after = row.id;
    }
    if (rows.length < BATCH) return { songs, damaged, stuck, unreadable };
  }
};

/** What kept the store from doing it, if anything. */
const putAside = async (
  { store }: Pick<Services, 'store'>,
  key: string,
): Promise<StorageError | undefined> => {
  try {
    await store.quarantine(key);
    return undefined;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
};

/** What is wrong with a song's object; a StorageError where it cannot be told. */
const faultOf = async (
  { store }: Pick<Services, 'store'>,
  song: SongWithBlob,
  readBytes: boolean,
): Promise<DamagedSong['fault'] | StorageError | undefined> => {
  try {
    const object = await store.head(song.key);
    if (object === undefined) return 'missing';
    if (object.byteSize !== song.byte_size) {
      // A size alone is not believed: something that cannot be read at all may show any.
      await store.peek(song.key, 0, 1);
      return 'wrong_size';
    }
    if (!readBytes) return undefined;
    await digestsOf(store.read(song.key), { maxByteSize: song.byte_size, sha256: song.sha256 });
    return undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    switch (error.code) {
      case 'checksum_mismatch':
      case 'too_large':
        return 'wrong_bytes';
      case 'object_missing':
        return 'missing';
      default:
        return error;
    }
  }
};
