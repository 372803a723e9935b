import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mp3File } from '../../src-main/headless/demo/audio/mp3.ts';
import { sha256Of } from './hash.ts';

interface SongWish {
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  /** Other seeds make other sounds. */
  readonly seed?: number;
  readonly bytes?: number;
}

const MP3_BYTES_PER_SECOND = 16_000;

/** A real, tagged mp3. The same wish gives the same bytes. */
export const songBytes = ({
  title = 'So What',
  artist = 'Nobody',
  album = 'Nothing',
  seed = 1,
  bytes = 8_000,
}: SongWish = {}): Buffer =>
  mp3File(
    { title, artist, album, track: 1, year: 1999, genre: 'Jazz' },
    { seconds: bytes / MP3_BYTES_PER_SECOND, seed },
  );

/** Writes a song and tells its SHA-256 in hex. An old mtime: nobody is at work on this file. */
export const writeSong = (folder: string, path: string, wish?: SongWish): string => {
  const bytes = songBytes(wish);
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, bytes);
  utimesSync(whole, 1_600_000_000, 1_600_000_000);
  return sha256Of(bytes);
};

/** So many songs, all different; their SHA-256s. */
export const writeSongs = (folder: string, count: number, firstSeed = 1, bytes?: number): readonly string[] =>
  Array.from({ length: count }, (_, i) =>
    writeSong(folder, `Album ${Math.floor(i / 10)}/${i} Song ${firstSeed + i}.mp3`, {
      title: `Song ${firstSeed + i}`,
      seed: firstSeed + i,
      ...(bytes === undefined ? {} : { bytes }),
    }),
  );
