import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ledgerline } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

test('the list is narrowed to what all words are found in: path, title, artist or album, as in the table of the page', async () => {
  const { run } = ledgerline();
  // "Album 0/000 Söng.mp3" with the title "Song 1", and so on.
  const library = libraryOf(3);
  put(library, 'Älbum 9/empty.mp3', '');
  put(library, 'Loose/x.flac', music('flac', 77));
  await run('sync', library);
  rmSync(join(library, 'Album 0/002 Söng.wav'));
  await run('sync', library);

  const list = async (state: string, search: string) => {
    const { code, stdout } = await run('list', '--state', state, '--search', search);
    const lines = stdout.trimEnd().split('\n');
    return {
      code,
      files: lines.flatMap((line) => /([^/]+\/[^/]+\.\w+) {2}/.exec(line)?.[1] ?? []),
      end: lines.at(-1),
    };
  };
  expect(await list('archived', 'SONG 001')).toEqual({
    code: 0,
    files: ['Album 0/001 Söng.flac'],
    end: '1 file archived that "SONG 001" finds.',
  });
  // By its title alone.
  expect(await list('archived', 'song 77')).toMatchObject({ files: ['Loose/x.flac'] });
  expect(await list('missing', 'song')).toMatchObject({ files: ['Album 0/002 Söng.wav'] });
  expect(await list('skipped', 'album empty')).toMatchObject({ files: ['Älbum 9/empty.mp3'] });
  expect(await list('failed', 'album')).toEqual({
    code: 0,
    files: [],
    end: 'No file that "album" finds has failed.',
  });

  expect((await run('list', '--state', 'archived', '--search', ' / ')).code).toBe(2);
});
