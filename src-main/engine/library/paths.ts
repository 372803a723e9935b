import { isUtf8 } from 'node:buffer';

/**
 * Paths are bytes: on Linux as the file system has them, elsewhere the system's string as UTF-8. Nothing here folds
 * case or normal forms; two names are one only when all their bytes are the same.
 */
export type PathBytes = Uint8Array;

const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** One character for each byte, so that bytes can be compared, sorted and looked up as fast as strings. */
export const toKey = (path: PathBytes): string =>
  Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('latin1');

export const fromKey = (key: string): Buffer => Buffer.from(key, 'latin1');

/** `folder/name`; the name alone where the folder is empty. */
export const joinPath = (folder: PathBytes, name: PathBytes): Buffer => {
  if (folder.length === 0) return Buffer.from(name);
  const slash = folder[folder.length - 1] === SLASH ? 0 : 1;
  const path = Buffer.alloc(folder.length + slash + name.length, SLASH);
  path.set(folder);
  path.set(name, folder.length + slash);
  return path;
};

/** The opposite of {@link joinPath} for a relative path; the folder of a name alone is empty. */
export const splitPath = (path: PathBytes): { readonly folder: Buffer; readonly name: Buffer } => {
  const bytes = Buffer.from(path);
  const slash = bytes.lastIndexOf(SLASH);
  return { folder: bytes.subarray(0, Math.max(slash, 0)), name: bytes.subarray(slash + 1) };
};

/**
 * Whether two absolute paths are the same folder or one lies in the other. Compares the bytes only: resolve links
 * first.
 */
export const overlaps = (a: PathBytes, b: PathBytes): boolean => {
  const one = withEndSlash(a);
  const other = withEndSlash(b);
  const length = Math.min(one.length, other.length);
  return one.subarray(0, length).equals(other.subarray(0, length));
};

/** What a path is below a folder, with `/` between its parts; undefined where it does not lie in there. */
export const relativeTo = (folder: PathBytes, path: PathBytes): Buffer | undefined => {
  const root = withEndSlash(folder);
  const whole = withEndSlash(path);
  if (whole.length <= root.length || !whole.subarray(0, root.length).equals(root)) return undefined;
  return whole.subarray(root.length, -1);
};

const withEndSlash = (path: PathBytes): Buffer => {
  const bytes = Buffer.from(path);
  if (process.platform === 'win32') {
    for (const [i, byte] of bytes.entries()) if (byte === BACKSLASH) bytes[i] = SLASH;
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === SLASH) end -= 1;
  return Buffer.concat([bytes.subarray(0, end), Buffer.of(SLASH)]);
};

/** Controls, line ends, bidi marks and other invisible characters, but not the joiners that emoji and Persian need. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A path as text that is safe in a terminal or a page: bytes that are no UTF-8 as `\xff`, invisible characters as
 * `\u{202e}`. For showing only; it does not lead back to the file.
 */
export const displayPath = (path: PathBytes): string =>
  decode(path).replaceAll(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

const decode = (path: PathBytes): string => {
  const bytes = Buffer.from(path);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const character = bytes.subarray(at, at + length);
    if (character.length === length && isUtf8(character)) {
      text += character.toString('utf8');
      at += length;
    } else {
      text += `\\x${first.toString(16).padStart(2, '0')}`;
      at += 1;
    }
  }
  return text;
};
