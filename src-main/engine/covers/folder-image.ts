import { toKey } from '../library/paths.ts';

/** What programs that tag music call the picture of an album, the best first. */
const USUAL_STEMS = ['cover', 'folder', 'front', 'album'];
/** Names with a dot in front are what macOS and others leave beside the picture itself. */
const IMAGE = /^([^.].*)\.(?:jpe?g|png|webp)$/i;

/** The picture among the files of an album's folder: one of the usual names in any case, else the only one. */
export const folderImage = (names: readonly Uint8Array[]): Uint8Array | undefined => {
  const images = names.flatMap((name) => {
    const stem = IMAGE.exec(toKey(name))?.[1]?.toLowerCase();
    return stem === undefined ? [] : [{ name, stem }];
  });
  for (const usual of USUAL_STEMS) {
    const found = images.find(({ stem }) => stem === usual);
    if (found !== undefined) return found.name;
  }
  return images.length === 1 ? images[0]?.name : undefined;
};
