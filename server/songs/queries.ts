import type { KnownItem, ProcessingStatus, Song, SongList } from '../../shared/api/songs.ts';
import type { Caller } from '../accounts/sessions.ts';
import type { Services } from '../services.ts';
import { selectSongs, songOf } from './song-row.ts';

const DEFAULT_PER_PAGE = 50;

interface Page {
  readonly processing_status?: ProcessingStatus | undefined;
  readonly page?: number | undefined;
  readonly per_page?: number | undefined;
}

/** Newest first. Everybody who may list sees every song: reviewing them is work that is shared. */
export const listSongs = async ({ db }: Services, query: Page): Promise<SongList> => {
  const { processing_status: status, page = 1, per_page = DEFAULT_PER_PAGE } = query;
  let songs = selectSongs(db)
    .orderBy('song.id', 'desc')
    .limit(per_page)
    .offset((page - 1) * per_page);
  let counted = db.selectFrom('song').select((eb) => eb.fn.countAll<number>().as('count'));
  if (status !== undefined) {
    songs = songs.where('song.processing_status', '=', status);
    counted = counted.where('processing_status', '=', status);
  }
  const { count } = await counted.executeTakeFirstOrThrow();
  return { count: Number(count), page, per_page, songs: (await songs.execute()).map(songOf) };
};

export const findSong = async ({ db }: Services, id: string): Promise<Song | undefined> => {
  if (!/^[1-9]\d{0,14}$/.test(id)) return undefined;
  const row = await selectSongs(db).where('song.id', '=', Number(id)).executeTakeFirst();
  return row === undefined ? undefined : songOf(row);
};

/**
 * The caller's own songs with these bytes whose object the store still has, in its full length; null for the rest.
 * It never tells what others have, and makes nothing: knowing a checksum is not having the bytes.
 */
export const findKnown = async (
  { db, store }: Services,
  caller: Caller,
  items: readonly KnownItem[],
): Promise<(Song | null)[]> => {
  const rows = await selectSongs(db)
    .where('song.owner_id', '=', caller.id)
    .where(
      'song.sha256',
      'in',
      items.map((item) => item.sha256),
    )
    .execute();
  const bySha256 = new Map(rows.map((row) => [row.sha256, row]));
  return Promise.all(
    items.map(async ({ sha256, byte_size }) => {
      const row = bySha256.get(sha256);
      if (row === undefined || row.byte_size !== byte_size) return null;
      const object = await store.head(row.key);
      return object?.byteSize === byte_size ? songOf(row) : null;
    }),
  );
};
