import { fold, sortKey } from './fold.ts';
import { type Album, albumsIn, createPlaces } from './group-albums.ts';
import type { Portions } from './portions.ts';

export interface ListedAlbum extends Album {
  readonly key: string;
  /** What is searched, folded. */
  readonly text: string;
}

/** So many folders to a step, which is some 20 ms for albums of ten tracks. */
const FOLDERS = 500;

/**
 * Reads all albums of the ledger, in the order of artist and title. A million tracks take seconds, so it is done in short
 * steps, between which others are answered. A folder is read in one step; what changes while others are read is seen the
 * next time.
 */
export function* readAlbums(source: Portions, archiveId: number): Generator<void, readonly ListedAlbum[]> {
  const places = createPlaces();
  const last = source.lastFolder();
  for (let from = 0; from < last; from += FOLDERS) {
    const { portions, folders } = source.between(archiveId, from, from + FOLDERS);
    places.add(portions, new Map(folders.map((folder) => [folder.id, folder])));
    yield;
  }
  const albums: ListedAlbum[] = [];
  for (const [at, place] of places.all().entries()) {
    albums.push(...albumsIn(place).map(listed));
    if (at % FOLDERS === FOLDERS - 1) yield;
  }
  yield;
  return albums.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id));
}

const listed = (album: Album): ListedAlbum => ({
  ...album,
  // What names nobody stands by its title.
  key:
    album.artist === ''
      ? sortKey(album.title)
      : `${sortKey(album.artist)}\0${sortKey(album.title)}\0${album.year ?? ''}`,
  text: `${fold(album.title)}\n${fold(album.artist)}`,
});
