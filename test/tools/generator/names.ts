/**
 * Names of artists, albums and songs by number: no two numbers share one, and they need no random numbers, so a
 * library of any size is laid out without remembering what was used.
 */

const GIVEN = [
  'Åse',
  'Björn',
  'Céline',
  'Dmitri',
  'Esi',
  'Fintan',
  'Gül',
  'Hana',
  'Iñaki',
  'Zoë',
  'Лев',
  '美咲',
];
const FAMILY = ['Ødegård', 'Quartet', 'Okafor', 'Orchestra', 'Łukasz', 'Trio', 'Marchetti', '& the Lanterns'];
const MOOD = [
  'Silver',
  'Quiet',
  'Northern',
  'Borrowed',
  'Late',
  'Paper',
  'Salt',
  'Señor',
  'Hollow',
  'Green',
  'Far',
];
const THING = [
  'Rivers',
  'Trains',
  'Letters',
  'Harbour',
  'Winter',
  "Fisherman's Song",
  'Café',
  'Moon',
  'Streets',
];
const SPACE = [' '];
const TAIL = ['', ' at Night', ' (Live)', ' No. 5', ', Again', ' – Reprise', ' in Blue', ' [Remastered]'];
const GENRES = ['Folk', 'Jazz', 'Classical', 'Electronic', 'Rock', 'Soundtrack', 'Hörspiel'];

const ALBUMS_PER_ARTIST = 4;

/** The number written with these words as digits; what is left over becomes a numeral behind them. */
const inWords = (number: number, digits: readonly (readonly string[])[], glue: string): string => {
  const words: string[] = [];
  let rest = number;
  for (const digit of digits) {
    words.push(digit[rest % digit.length] ?? '');
    rest = Math.floor(rest / digit.length);
  }
  return words.join(glue) + (rest === 0 ? '' : ` ${rest + 1}`);
};

export interface AlbumNames {
  readonly artist: string;
  readonly album: string;
  readonly year: number;
  readonly genre: string;
}

export const albumNames = (number: number): AlbumNames => ({
  artist: inWords(Math.floor(number / ALBUMS_PER_ARTIST), [GIVEN, FAMILY], ' '),
  album: inWords(number, [MOOD, THING], ' '),
  year: 1958 + ((number * 7) % 66),
  genre: GENRES[number % GENRES.length] ?? 'Folk',
});

export const songTitle = (number: number): string => inWords(number, [MOOD, SPACE, THING, TAIL], '');
