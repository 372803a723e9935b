import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AUDIO_WRITERS, type WritableFormat } from '../../../src-main/headless/demo/audio/formats.ts';
import { testFolder } from '../../kit/test-folder.ts';

const TAGS = { artist: 'A', album: 'B', track: 1, year: 2001, genre: 'Test' };

/** A real file of music; equal seeds make equal bytes. */
export const music = (format: WritableFormat, seed: number, seconds = 0.5): Buffer =>
  AUDIO_WRITERS[format].write({ ...TAGS, title: `Song ${seed}` }, { seconds, seed });

export const put = (folder: string, path: string, bytes: Buffer | string): void => {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, bytes);
};

/** A library of so many small tracks in albums of ten. */
export const libraryOf = (tracks: number): string => {
  const folder = testFolder('library');
  for (let i = 0; i < tracks; i += 1) {
    const format = (['mp3', 'flac', 'wav', 'aiff'] as const)[i % 4] ?? 'mp3';
    put(
      folder,
      `Album ${Math.floor(i / 10)}/${String(i).padStart(3, '0')} Söng.${format}`,
      music(format, i + 1),
    );
  }
  return folder;
};
