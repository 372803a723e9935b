import { describe, expect, test } from 'vitest';
import type { Song, SongList } from '../../../shared/api/songs.ts';
import type { ArchiveClient } from '../../../src-main/engine/archive/client.ts';
import type { Description } from '../../../src-main/engine/transfer/description.ts';
import {
  AmbiguousSongError,
  couldBe,
  createSongFinder,
} from '../../../src-main/engine/transfer/song-finder.ts';

const song = (id: number, more: Partial<Song> = {}): Song => ({
  id,
  title: 'So What',
  artist: 'Miles',
  album: 'Kind of Blue',
  original_filename: '01-So-What.mp3',
  processing_status: 'needs_review',
  ...more,
});
const ours: Description = {
  filename: '01 So What!.mp3',
  contentType: 'audio/mpeg',
  byteSize: 100,
  checksum: 'AAAAAAAAAAAAAAAAAAAAAA==',
  sha256: 'a'.repeat(64),
  metadata: { title: 'So What', artist: 'Miles', album: 'Kind of Blue' },
};

describe('a song may be ours', () => {
  test.each<[string, Partial<Song>, boolean]>([
    ['when all that is told agrees, the name tamed', {}, true],
    ['when it tells less', { artist: null, album: undefined, original_filename: null }, true],
    ['not with another title', { title: 'Blue in Green' }, false],
    ['not with another artist', { artist: 'Bill' }, false],
    ['not with another album', { album: 'Other' }, false],
    ['not with another name, where no checksum tells', { original_filename: '02-So-What.mp3' }, false],
    [
      'with another name, where the checksum is ours',
      { original_filename: 'x.mp3', checksum: ours.checksum },
      true,
    ],
    ['not with another checksum', { checksum: 'BBBBBBBBBBBBBBBBBBBBBA==' }, false],
    ['not with another SHA-256', { sha256: 'b'.repeat(64) }, false],
    ['not with another size', { byte_size: 101 }, false],
  ])('%s', (_what, more, expected) => {
    expect(couldBe(song(1, more), ours)).toBe(expected);
  });

  test('in whatever normal form its name is told', () => {
    const cafe = { ...ours, filename: 'Caf\u00e9.mp3' };
    expect(couldBe(song(1, { original_filename: 'Cafe\u0301.mp3' }), cafe)).toBe(true);
  });
});

/** An archive with these songs that hands out at most `most` a page. */
const archiveOf = (songs: readonly Song[], most = 100) => {
  const asked: number[] = [];
  const list = async (page: number, perPage: number): Promise<SongList> => {
    asked.push(page);
    const per_page = Math.min(perPage, most);
    const newestFirst = songs.toSorted((a, b) => b.id - a.id);
    return {
      count: songs.length,
      page,
      per_page,
      songs: newestFirst.slice((page - 1) * per_page, page * per_page),
    };
  };
  return { client: { list } as unknown as ArchiveClient, asked };
};
const none = () => [];

describe('after a lost answer', () => {
  test('a song whose tags somebody edited is ours where its checksum says so, and else for a person to decide', async () => {
    const edited = { title: 'So What (remastered)' };
    const telling = archiveOf([song(3, { ...edited, checksum: ours.checksum })]).client;
    const found = createSongFinder('o', telling, () => false, 0);
    expect((await found.lost(ours, 0, none, false))?.id).toBe(3);
    const silent = createSongFinder('o', archiveOf([song(3, edited)]).client, () => false, 0);
    // As long as our own may still come, it is waited for.
    expect(await silent.lost(ours, 0, none, false)).toBeUndefined();
    await expect(silent.lost(ours, 0, none, true)).rejects.toThrow(AmbiguousSongError);
    expect(await silent.lost({ ...ours, filename: 'other.mp3' }, 0, none, true)).toBeUndefined();
  });

  test('a list that gives one page for all is not read for ever', async () => {
    const { client, asked } = archiveOf(Array.from({ length: 300 }, (_, i) => song(i + 1)));
    const stuck = { list: (_page: number, perPage: number) => client.list(1, perPage) };
    const finder = createSongFinder('o', stuck, () => false, 0);
    await expect(finder.lost(ours, 10, none, true)).rejects.toThrow('again and again');
    expect(asked.length).toBe(2);
  });

  test('songs are taken away while the pages are read: what moved up over a page’s end is found all the same', async () => {
    const songs = Array.from({ length: 250 }, (_, i) =>
      song(i + 1, { title: i === 149 ? 'So What' : 'Other' }),
    );
    let left = songs;
    const client = {
      list: async (page: number, perPage: number) => {
        const answer = await archiveOf(left).client.list(page, perPage);
        // The newest ten go when the first page was read; ours, at the top of the second, is on the first now.
        if (page === 1 && left === songs) left = songs.slice(0, 240);
        return answer;
      },
    };
    expect((await createSongFinder('o', client, () => false, 0).lost(ours, 20, none, true))?.id).toBe(150);
  });

  test('a new song that is ours is found, an older one that looks the same is not taken', async () => {
    const { client } = archiveOf([song(1), song(2, { title: 'Other' }), song(3)]);
    const finder = createSongFinder('o', client, () => false, 2);
    expect((await finder.lost(ours, 2, none, true))?.id).toBe(3);
    expect(await finder.lost(ours, 3, none, true)).toBeUndefined();
    expect(finder.highest()).toBe(3);
  });

  test('a song that stands for another content already is not taken again', async () => {
    const { client } = archiveOf([song(3)]);
    expect(
      await createSongFinder('o', client, (id) => id === 3, 0).lost(ours, 0, none, true),
    ).toBeUndefined();
  });

  test('several could be it: a person must look', async () => {
    const { client } = archiveOf([song(3), song(4)]);
    await expect(createSongFinder('o', client, () => false, 0).lost(ours, 0, none, true)).rejects.toThrow(
      AmbiguousSongError,
    );
  });

  test('one could be it, and be another content’s as well: a person must look, unless a checksum tells', async () => {
    const other = { ...ours, checksum: 'BBBBBBBBBBBBBBBBBBBBBA==', sha256: 'b'.repeat(64) };
    const finder = createSongFinder('o', archiveOf([song(3)]).client, () => false, 0);
    await expect(finder.lost(ours, 0, () => [other], true)).rejects.toThrow(AmbiguousSongError);
    const telling = createSongFinder(
      'o',
      archiveOf([song(3, { checksum: ours.checksum })]).client,
      () => false,
      0,
    );
    expect((await telling.lost(ours, 0, () => [other], true))?.id).toBe(3);
  });

  test.each([100, 10])(
    'ours is on a later page, behind what others sent meanwhile (%i a page)',
    async (most) => {
      const others = Array.from({ length: 250 }, (_, i) => song(100 + i, { title: `Other ${i}` }));
      const { client, asked } = archiveOf([song(50), song(60), ...others], most);
      expect((await createSongFinder('o', client, () => false, 0).lost(ours, 55, none, true))?.id).toBe(60);
      expect(asked).toHaveLength(Math.ceil(252 / most));
    },
  );

  test('no page is asked for beyond the songs that were there before', async () => {
    const { client, asked } = archiveOf(
      Array.from({ length: 500 }, (_, i) => song(i + 1, { title: `Other ${i}` })),
    );
    await createSongFinder('o', client, () => false, 0).lost(ours, 450, none, false);
    expect(asked).toEqual([1]);
  });
});
