/** Letters that no normal form takes apart, as people type them who do not have them. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** A library has few different ones of them, and each of them often. */
const known = new Map<string, string>();
const MOST_KNOWN = 5_000;

const foldRun = (run: string): string => {
  const folded = known.get(run);
  if (folded !== undefined) return folded;
  if (known.size >= MOST_KNOWN) known.clear();
  const fresh = foldNew(run);
  known.set(run, fresh);
  return fresh;
};

const foldNew = (run: string): string =>
  run
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter);

/**
 * Text as it is searched and sorted by: without case, accents and width, so that "bjork" finds "Björk" in either normal
 * form. It decides nothing else. Only what is beyond ASCII costs more than a look.
 */
export const fold = (text: string): string => text.toLowerCase().replaceAll(/[^\x00-\x7f]+/g, foldRun); // eslint-disable-line no-control-regex -- ASCII is what this means

/** What is searched for: each of these words must be there. What divides folders divides words. */
export const wordsOf = (search: string): readonly string[] => [
  ...new Set(
    fold(search)
      .split(/[\s/\\]+/)
      .filter(Boolean),
  ),
];

const DIGITS = 10;

/** Sorts by plain comparison as people sort: folded, without a leading "The", numbers by their value. */
export const sortKey = (text: string): string => {
  const folded = fold(text)
    .trim()
    .replaceAll(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
  const named = folded.replace(/^the\s+(?=\S)/, '');
  // What begins with no letter of an alphabet stands before all that does.
  return initialOf(named) === '#' ? `0${named}` : `1${named}`;
};

/** The letter that a sort key is found under; `#` for what begins with none of an alphabet. */
export const letterOf = (key: string): string => initialOf(key.slice(1));

const initialOf = (text: string): string => {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return /^(?![\p{scx=Han}\p{scx=Hira}\p{scx=Kana}])\p{L}/u.test(first) ? first.toUpperCase() : '#';
};
