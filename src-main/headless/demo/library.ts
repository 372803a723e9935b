import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coverPicture } from './audio/cover.ts';
import { AUDIO_WRITERS, type WritableFormat } from './audio/formats.ts';

interface Album {
  readonly format: WritableFormat;
  readonly artist: string;
  readonly album: string;
  readonly year: number;
  readonly genre: string;
  readonly titles: readonly string[];
}

/** Invented, and with the names that real libraries have. */
const ALBUMS: readonly Album[] = [
  {
    format: 'flac',
    artist: 'Die Übermütigen',
    album: 'Frühling in Köln',
    year: 1998,
    genre: 'Chanson',
    titles: ['Ankunft', 'Große Straße', 'Rheinufer', 'Käthes Garten', 'Süße Äpfel', 'Spät nach Hause'],
  },
  {
    format: 'mp3',
    artist: 'Señor Ñandú',
    album: 'Café del Río',
    year: 2004,
    genre: 'Latin',
    titles: ['¿Quién va?', 'Mañana', 'El pingüino', 'Corazón (demo #2)', 'Así es', '100 % verano'],
  },
  {
    format: 'wav',
    artist: 'Łucja Żak',
    album: 'Noc i dzień',
    year: 2011,
    genre: 'Ambient',
    titles: ['Świt', 'Łąka', 'Południe', 'Cień', 'Zmierzch', 'Gwiazdy'],
  },
  {
    format: 'aiff',
    artist: '森の楽団',
    album: '夜明け',
    year: 2019,
    genre: 'Folk',
    titles: ['朝', '川のほとり', '雨', "Gran's clock", '帰り道', '夜明け…'],
  },
];

const SECONDS = 4;

export interface DemoLibrary {
  readonly tracks: number;
  readonly bytes: number;
  readonly formats: readonly WritableFormat[];
}

/** Writes a small library of real, playable, tagged files; each has bytes of its own. */
export const writeDemoLibrary = async (folder: string): Promise<DemoLibrary> => {
  let bytes = 0;
  let tracks = 0;
  for (const [a, { format, titles, ...album }] of ALBUMS.entries()) {
    const albumFolder = join(folder, album.artist, album.album);
    await mkdir(albumFolder, { recursive: true });
    const cover = coverPicture(a + 1);
    for (const [t, title] of titles.entries()) {
      tracks += 1;
      const file = AUDIO_WRITERS[format].write(
        { ...album, title, track: t + 1, cover },
        { seconds: SECONDS, seed: tracks },
      );
      bytes += file.length;
      await writeFile(join(albumFolder, `${String(t + 1).padStart(2, '0')} ${title}.${format}`), file);
    }
  }
  return { tracks, bytes, formats: ALBUMS.map(({ format }) => format) };
};
