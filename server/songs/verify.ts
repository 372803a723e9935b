import type { Services } from '../services.ts';
import { StorageError } from '../storage/contract.ts';
import { digestsOf } from '../storage/digests.ts';
import { selectSongs, type SongWithBlob } from './song-row.ts';

export interface DamagedSong {
  readonly id: number;
  readonly filename: string;
  readonly fault: 'missing' | 'wrong_size' | 'wrong_bytes';
}

export interface VerifyReport {
  readonly songs: number;
  readonly damaged: readonly DamagedSong[];
}

const BATCH = 500;

/**
 * Looks at the object of every song: is it there, in its full length and, with `readBytes`, byte for byte what was
 * stored? A damaged one is put aside, so that the archive says no longer that it has it; whoever sends the same bytes
 * again repairs the song under its old id. Works beside a running archive.
 */
export const verifyObjects = async (
  services: Pick<Services, 'db' | 'store' | 'audit'>,
  { readBytes }: { readonly readBytes: boolean } = { readBytes: false },
): Promise<VerifyReport> => {
  const damaged: DamagedSong[] = [];
  let songs = 0;
  for (let after = 0; ;) {
    const rows = await selectSongs(services.db)
      .where('song.id', '>', after)
      .orderBy('song.id')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const fault = await faultOf(services, row, readBytes);
      if (fault !== undefined) {
        damaged.push({ id: row.id, filename: row.original_filename, fault });
        if (fault !== 'missing') await services.store.quarantine(row.key);
        services.audit('damage_found', { song: row.id, fault, key: row.key });
      }
      songs += 1;
      after = row.id;
    }
    if (rows.length < BATCH) return { songs, damaged };
  }
};

const faultOf = async (
  { store }: Pick<Services, 'store'>,
  song: SongWithBlob,
  readBytes: boolean,
): Promise<DamagedSong['fault'] | undefined> => {
  const object = await store.head(song.key);
  if (object === undefined) return 'missing';
  if (object.byteSize !== song.byte_size) return 'wrong_size';
  if (!readBytes) return undefined;
  try {
    await digestsOf(store.read(song.key), { maxByteSize: song.byte_size, sha256: song.sha256 });
    return undefined;
  } catch (error) {
    // Trouble with reading is no damage: what cannot be read today may be well tomorrow.
    if (error instanceof StorageError && (error.code === 'checksum_mismatch' || error.code === 'too_large'))
      return 'wrong_bytes';
    throw error;
  }
};
