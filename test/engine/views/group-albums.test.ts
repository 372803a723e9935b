import { describe, expect, test } from 'vitest';
import { type Album, albumsIn, createPlaces } from '../../../src-main/engine/views/group-albums.ts';
import type { FolderRow, Portion } from '../../../src-main/engine/views/portions.ts';

interface Given {
  readonly folder: string;
  readonly album?: string;
  readonly albumArtist?: string;
  readonly artist?: string;
  readonly year?: number;
  readonly tracks?: number;
}

/** Albums of portions that are written short; ids of tracks in the order that they are given. */
const group = (...given: readonly Given[]): readonly Album[] => {
  const names = [...new Set(given.map(({ folder }) => folder))];
  const folders = names.map((name, i): FolderRow => ({
    id: i + 1,
    libraryId: 1,
    libraryPath: Buffer.from('/disk/Music'),
    path: Buffer.from(name),
  }));
  const portions = given.map((one, i): Portion => ({
    folderId: names.indexOf(one.folder) + 1,
    album: one.album ?? null,
    albumArtist: one.albumArtist ?? null,
    artist: one.artist ?? null,
    year: one.year ?? null,
    firstTrack: 100 + i,
    tracks: one.tracks ?? 10,
    archived: 1,
    failed: 0,
    skipped: 0,
  }));
  const places = createPlaces();
  places.add(portions, new Map(folders.map((folder) => [folder.id, folder])));
  return places.all().flatMap(albumsIn);
};
const named = (albums: readonly Album[]): readonly (readonly [string, string, number])[] =>
  albums.map(({ title, artist, tracks }) => [title, artist, tracks]);

describe('which tracks are one album', () => {
  test('a folder, until its tags are read', () => {
    expect(named(group({ folder: 'Miles Davis/Kind of Blue' }))).toEqual([['Kind of Blue', '', 10]]);
    expect(named(group({ folder: '' }))).toEqual([['Music', '', 10]]);
  });

  test('as soon as most of a folder is read, by its tags; its id stays', () => {
    const before = group({ folder: 'kob', tracks: 9 }, { folder: 'kob', album: 'Kind of Blue', tracks: 1 });
    expect(named(before)).toEqual([
      ['Kind of Blue', '', 1],
      ['kob', '', 9],
    ]);
    const after = group(
      { folder: 'kob', tracks: 3 },
      { folder: 'kob', album: 'Kind of Blue', artist: 'Miles', tracks: 7 },
    );
    expect(named(after)).toEqual([['Kind of Blue', 'Miles', 10]]);
    expect(after[0]?.id).toBe(100);
  });

  test('a compilation of many artists is one', () => {
    const artists = ['A', 'B', 'C', 'D', 'E'];
    const albums = group(...artists.map((artist) => ({ folder: 'x', album: 'Hits', artist, tracks: 1 })));
    expect(named(albums)).toEqual([['Hits', 'Various artists', 5]]);
  });

  test('guests do not make a compilation of it', () => {
    const albums = group(
      { folder: 'x', album: 'Debut', artist: 'Björk', tracks: 9 },
      { folder: 'x', album: 'Debut', artist: 'Björk & Friend', tracks: 2 },
    );
    expect(named(albums)).toEqual([['Debut', 'Björk', 11]]);
  });

  test('two album artists with one title are two, one that is named for some only is one', () => {
    expect(
      named(
        group(
          { folder: 'x', album: 'Greatest Hits', albumArtist: 'Queen' },
          { folder: 'x', album: 'Greatest Hits', albumArtist: 'ABBA' },
        ),
      ),
    ).toEqual([
      ['Greatest Hits', 'Queen', 10],
      ['Greatest Hits', 'ABBA', 10],
    ]);
    expect(
      named(
        group(
          { folder: 'x', album: 'Gold', albumArtist: 'ABBA', artist: 'ABBA' },
          { folder: 'x', album: 'Gold', artist: 'ABBA' },
        ),
      ),
    ).toEqual([['Gold', 'ABBA', 20]]);
  });

  test.each([
    ['CD1', 'CD 2', 'Disc 3'],
    ['cd-1', '[Disk_2]', 'Disc 3 - Live'],
  ])('discs in folders of their own are one: %s, %s, %s', (...discs) => {
    const albums = group(
      ...discs.map((disc, i) => ({
        folder: `Pink Floyd/The Wall/${disc}`,
        album: i === 1 ? 'The Wall (Disc 2)' : 'The Wall',
        albumArtist: 'Pink Floyd',
      })),
    );
    expect(named(albums)).toEqual([['The Wall', 'Pink Floyd', 30]]);
    expect(albums[0]?.folders).toHaveLength(3);
    expect(named(group(...discs.map((disc) => ({ folder: `The Wall/${disc}` }))))).toEqual([
      ['The Wall', '', 30],
    ]);
  });

  test('folders that only sound like discs are not', () => {
    expect(
      group(
        { folder: 'x/Discovery', album: 'Discovery' },
        { folder: 'x/Disco', album: 'Disco' },
        { folder: 'x/CDs' },
      ),
    ).toHaveLength(3);
  });

  test('the same album in two folders is two', () => {
    expect(group({ folder: 'mp3/Blue', album: 'Blue' }, { folder: 'flac/Blue', album: 'Blue' })).toHaveLength(
      2,
    );
  });

  test('discs of different albums beside each other are not one', () => {
    const albums = group(
      { folder: 'CD1', album: 'Blue', artist: 'Joni' },
      { folder: 'CD2', album: 'Hejira', artist: 'Joni' },
    );
    expect(named(albums)).toEqual([
      ['Blue', 'Joni', 10],
      ['Hejira', 'Joni', 10],
    ]);
  });

  test('loose songs of many albums are the folder; whole albums among them are their own', () => {
    const loose = Array.from({ length: 30 }, (_, i) => ({
      folder: 'Downloads',
      album: `Single ${i}`,
      artist: `Somebody ${i}`,
      tracks: 1,
    }));
    const albums = group(
      ...loose,
      { folder: 'Downloads', album: 'Blue', artist: 'Joni' },
      { folder: 'Downloads', tracks: 2 },
    );
    expect(named(albums)).toEqual([
      ['Blue', 'Joni', 10],
      ['Downloads', '', 32],
    ]);
  });

  test('upper and lower case and normal forms of a tag make no second album', () => {
    const albums = group(
      { folder: 'x', album: 'Début', artist: 'B', tracks: 6 },
      { folder: 'x', album: 'DÉBUT', artist: 'B', tracks: 4 },
    );
    expect(named(albums)).toEqual([['Début', 'B', 10]]);
  });

  test('all tracks are in one album each', () => {
    const given = Array.from({ length: 200 }, (_, i): Given => ({
      folder: `f${i % 7}/CD${i % 3}`,
      tracks: 1 + (i % 5),
      ...(i % 4 === 0 ? { artist: `Unknown ${i}` } : { album: `Album ${i % 11}`, artist: `Guest ${i}` }),
      ...(i % 6 === 0 ? { albumArtist: `Artist ${i % 5}` } : {}),
    }));
    const albums = group(...given);
    expect(albums.reduce((sum, { tracks }) => sum + tracks, 0)).toBe(
      given.reduce((sum, { tracks = 0 }) => sum + tracks, 0),
    );
    expect(new Set(albums.map(({ id }) => id)).size).toBe(albums.length);
    expect(albums.flatMap(({ portions }) => portions)).toHaveLength(
      new Set(albums.flatMap(({ portions }) => portions)).size,
    );
  });
});
