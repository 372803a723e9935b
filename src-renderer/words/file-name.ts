/** The last name of a path fit to be shown, and the folders before it. Both separators: the music may lie on Windows. */
export const splitPath = (path: string): { readonly name: string; readonly folders: string } => {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return { name: path.slice(at + 1), folders: path.slice(0, Math.max(0, at)).replaceAll(/[/\\]/g, ' · ') };
};

/** What a file on its way is called: as its tags have it, else by its name and folders. */
export const flightWords = ({
  path,
  title,
  artist,
  album,
}: {
  readonly path: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string;
}): { readonly title: string; readonly below: string } => {
  const { name, folders } = splitPath(path);
  const by = [artist, album].filter((part) => part !== '').join(' · ');
  return { title: title === '' ? name : title, below: by === '' ? folders : by };
};

/**
 * Who was shown keeps the place; whoever is new takes the first free one. So a list does not move under the eye.
 * @param most places that there are
 * @param before the keys as they stood, null: a free place
 * @returns as many places as are taken, with no free one at the end
 */
export const keepPlaces = (
  before: readonly (string | null)[],
  now: readonly string[],
  most: number,
): readonly (string | null)[] => {
  const staying = before.map((key) => (key !== null && now.includes(key) ? key : null));
  const fresh = now.filter((key) => !staying.includes(key));
  const filled = staying.map((key) => key ?? fresh.shift() ?? null);
  const all = [...filled, ...fresh].slice(0, most);
  return all.slice(0, all.findLastIndex((key) => key !== null) + 1);
};
