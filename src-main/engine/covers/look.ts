import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { peekFormat } from '../audio/fingerprint.ts';
import { readCover } from '../audio/read-tags.ts';
import { systemCode } from '../errors.ts';
import { withoutDisc } from '../library/disc-folder.ts';
import { joinPath, overlaps } from '../library/paths.ts';
import { folderImage } from './folder-image.ts';
import type { FoundPicture, LookAnswer, LookRequest } from './messages.ts';

/** Makes something small of it, or throws. */
export type Shrink = (picture: Uint8Array) => Promise<FoundPicture>;

const LARGEST_IMAGE_BYTES = 32 * 1024 * 1024;
// A link must not lead us elsewhere, and a pipe must not keep us waiting.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Looks for the picture of an album: in the tags of the track, else beside it, else above the folder of its disc. For a
 * process of its own: synchronous.
 */
export const look = async (request: LookRequest, shrink: Shrink): Promise<LookAnswer> => {
  const { job } = request;
  const away: LookAnswer = { kind: 'away', job };
  const folder = folderWithin(request.libraryPath, request.folderPath);
  if (folder === undefined) return away;
  const track = joinPath(folder, request.name);
  const seen = statOf(track);
  const names = namesIn(folder);
  if (seen === undefined || names === undefined) return away;
  const image = imageIn(folder, names) ?? imageAboveDisc(request);
  const seenImage = image === undefined ? undefined : statOf(image);

  const stamp = [seen, seenImage].map(stampOf).join(' ');
  if (stamp === request.stamp) return { kind: 'same', job };
  const picture =
    (await shown(() => inTags(track), shrink)) ??
    (image === undefined || seenImage === undefined ? undefined : await shown(() => inFile(image), shrink));
  return { kind: 'looked', job, stamp, picture: picture ?? null };
};

const imageIn = (folder: Buffer, names = namesIn(folder)): Buffer | undefined => {
  const name = folderImage(names ?? []);
  return name === undefined ? undefined : joinPath(folder, name);
};

/** Discs in folders of their own ("CD1", "Disc 2") share the picture that lies beside these. */
const imageAboveDisc = ({ libraryPath, folderPath }: LookRequest): Buffer | undefined => {
  const above = withoutDisc(folderPath);
  const folder = above === folderPath ? undefined : folderWithin(libraryPath, above);
  return folder === undefined ? undefined : imageIn(folder);
};

/** Whatever a picture, or what should be one, does to its reader: then there is none. */
const shown = async (
  read: () => Promise<Uint8Array | undefined>,
  shrink: Shrink,
): Promise<FoundPicture | undefined> => {
  try {
    const bytes = await read();
    return bytes === undefined ? undefined : await shrink(bytes);
  } catch {
    return undefined;
  }
};

const inTags = async (track: Uint8Array): Promise<Uint8Array | undefined> => {
  const format = peekFormat(track);
  if (typeof format !== 'string') return undefined;
  return withFile(track, (fd, { size }) => readCover({ fd, byteSize: Number(size) }, format));
};

const inFile = (image: Uint8Array): Promise<Uint8Array | undefined> =>
  withFile(image, (fd, { size }) => (size > LARGEST_IMAGE_BYTES ? undefined : readFileSync(fd)));

const stampOf = (stats: BigIntStats | undefined): string =>
  stats === undefined ? '-' : `${stats.size}:${stats.mtimeNs}:${stats.ino}`;

/** Without links, and only where they lead nowhere out of the library. */
const folderWithin = (library: Uint8Array, folder: Uint8Array): Buffer | undefined => {
  const root = orNothing(() => realpathSync.native(Buffer.from(library), 'buffer'));
  const real = orNothing(() => realpathSync.native(joinPath(library, folder), 'buffer'));
  if (root === undefined || real === undefined) return undefined;
  return overlaps(root, real) && real.length >= root.length ? real : undefined;
};

/** Of a file; nothing else is looked at. */
const statOf = (path: Uint8Array): BigIntStats | undefined => {
  const stats = orNothing(() => lstatSync(Buffer.from(path), { bigint: true }));
  return stats?.isFile() === true ? stats : undefined;
};

const namesIn = (folder: Uint8Array): readonly Uint8Array[] | undefined =>
  orNothing(() =>
    readdirSync(Buffer.from(folder), { withFileTypes: true, encoding: 'buffer' })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .toSorted((a, b) => Buffer.compare(a, b)),
  );

/** Opens what is a file, for as long as `work` takes. */
const withFile = async <T>(
  path: Uint8Array,
  work: (fd: number, stats: BigIntStats) => T | Promise<T>,
): Promise<T | undefined> => {
  const fd = openSync(Buffer.from(path), FLAGS);
  try {
    const stats = fstatSync(fd, { bigint: true });
    return stats.isFile() ? await work(fd, stats) : undefined;
  } finally {
    closeSync(fd);
  }
};

const orNothing = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
};
