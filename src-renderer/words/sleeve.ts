const TINTS = 6;

/** One of the tints of a sleeve without a picture; the same title always has the same. */
export const tintOf = (title: string): number => {
  let sum = 0;
  for (const letter of title) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % TINTS;
};

/** The first letters or digits of the first two words: "Harbour Sessions" is HS. */
export const initialsOf = (title: string): string =>
  title
    .split(/\s+/)
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '')
    .filter((letter) => letter !== '')
    .slice(0, 2)
    .join('')
    .toLocaleUpperCase();
