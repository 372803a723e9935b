import { type PathBytes, splitPath, toKey } from './paths.ts';

/** The word and number by which people and taggers tell the discs of an album apart, as part of an expression. */
export const DISC_WORD = String.raw`(?:cd|dis[ck]|disque|disco)\s*[-_.#]?\s*\d{1,3}`;
const DISC_FOLDER = new RegExp(String.raw`^[([]?${DISC_WORD}(?:\D.*)?$`, 'i');

/** The folder of the album: the one above where it is named like a disc ("CD1", "Disc 2"). */
export const withoutDisc = (path: PathBytes): PathBytes => {
  const { folder, name } = splitPath(path);
  return DISC_FOLDER.test(toKey(name)) ? folder : path;
};
