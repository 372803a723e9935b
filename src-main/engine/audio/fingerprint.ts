import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  type AudioFormat,
  MAGIC_BYTES,
  detectFormat,
  extensionOf,
  formatOfExtension,
  id3v2Length,
  isSameFamily,
} from '../../../shared/audio-types.ts';
import { systemCode } from '../errors.ts';
import type { DiskStat } from '../library/differences.ts';
import { sameStat, toDiskStat } from '../library/disk-stat.ts';
import { splitPath, toKey } from '../library/paths.ts';
import { type FingerprintResult, LARGEST_KEPT_BYTES, type ToFingerprint } from './fingerprint-messages.ts';
import { type TagSource, readTags } from './read-tags.ts';
import { type Tags, toTags } from './tags.ts';

const CHUNK_BYTES = 1024 * 1024;
// A pipe that somebody put in the file's place must not keep us waiting, and a link must not lead us elsewhere.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** One for each thread, for it is written over with every file. */
let scratch = Buffer.alloc(0);
const scratchOf = (length: number): Buffer => {
  if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(Math.max(length, CHUNK_BYTES));
  return scratch.subarray(0, length);
};

/**
 * Reads one file once: both checksums, its real format, its tags. Synchronous but for the tags, for a thread of its
 * own. `onParsing` is called when all bytes are read.
 */
export const fingerprint = async (
  request: ToFingerprint,
  onParsing: () => void,
): Promise<FingerprintResult> => {
  let fd: number | undefined;
  try {
    fd = openSync(Buffer.from(request.path), FLAGS);
    return await readOpened(fd, request, onParsing);
  } catch (error) {
    return failureOf(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
};

/** Looks at the first bytes only: the format, or what {@link fingerprint} would say instead. */
export const peekFormat = (path: Uint8Array): AudioFormat | FingerprintResult => {
  let fd: number | undefined;
  try {
    fd = openSync(Buffer.from(path), FLAGS);
    return formatOf(readHead(fd), splitPath(path).name);
  } catch (error) {
    return failureOf(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
};

const failureOf = (error: unknown): FingerprintResult => {
  const code = systemCode(error);
  switch (code) {
    case undefined:
      throw error;
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'vanished' };
    case 'ELOOP': // it is a link now
      return { kind: 'changed' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'failed', reason: 'no_permission', detail: code };
    default:
      return { kind: 'failed', reason: 'read_error', detail: code };
  }
};

const readOpened = async (
  fd: number,
  request: ToFingerprint,
  onParsing: () => void,
): Promise<FingerprintResult> => {
  const { expected, path, keepBytes } = request;
  if (!isAsExpected(fd, expected)) return { kind: 'changed' };
  if (expected.byteSize === 0) return { kind: 'skip', reason: 'empty' };
  const { name } = splitPath(path);

  const content =
    expected.byteSize <= LARGEST_KEPT_BYTES ? readWhole(fd, expected.byteSize, keepBytes) : { fd };
  if (content === undefined) return { kind: 'changed' };
  const format = formatOf('bytes' in content ? content.bytes : readHead(fd), name);
  if (typeof format !== 'string') return isAsExpected(fd, expected) ? format : { kind: 'changed' };

  const sums = 'bytes' in content ? sumsOf(content.bytes) : readSums(fd, expected.byteSize);
  if (sums === undefined || !isAsExpected(fd, expected)) return { kind: 'changed' };

  const { tags, trouble } = await tagsOf(
    'bytes' in content ? content : { fd, byteSize: expected.byteSize },
    format,
    name,
    request.withTags,
    onParsing,
  );
  if (!isAsExpected(fd, expected)) return { kind: 'changed' };
  return {
    kind: 'read',
    ...sums,
    byteSize: expected.byteSize,
    format,
    tags,
    ...(trouble !== undefined && { tagTrouble: trouble }),
    ...('bytes' in content && keepBytes && { bytes: content.bytes }),
  };
};

const isAsExpected = (fd: number, expected: DiskStat): boolean => {
  const stats = fstatSync(fd, { bigint: true });
  return stats.isFile() && sameStat(toDiskStat(stats), expected);
};

/** Fills the target from `position` on; how many bytes there were. */
const fill = (fd: number, target: Uint8Array, position: number): number => {
  let filled = 0;
  while (filled < target.length) {
    const bytes = readSync(fd, target, filled, target.length - filled, position + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return filled;
};

/** Undefined where the file is shorter than it was. Bytes to be kept get memory of their own, to be given away. */
const readWhole = (
  fd: number,
  byteSize: number,
  keep: boolean,
): { readonly bytes: Uint8Array } | undefined => {
  const bytes = keep ? new Uint8Array(byteSize) : scratchOf(byteSize);
  return fill(fd, bytes, 0) === byteSize ? { bytes } : undefined;
};

/** The first bytes behind an ID3v2 tag. */
const readHead = (fd: number): Uint8Array => {
  const head = scratchOf(MAGIC_BYTES);
  const bytes = fill(fd, head, 0);
  const tag = id3v2Length(head.subarray(0, bytes));
  return tag === 0 ? head.subarray(0, bytes) : head.subarray(0, fill(fd, head, tag));
};

const formatOf = (
  head: Uint8Array,
  name: Uint8Array,
): AudioFormat | Extract<FingerprintResult, { kind: 'skip' }> => {
  const behindTag = head.subarray(id3v2Length(head));
  const detected = detectFormat(behindTag.subarray(0, MAGIC_BYTES));
  if (detected === undefined) return { kind: 'skip', reason: 'not_audio' };
  const claimed = formatOfExtension(extensionOf(toKey(name)));
  if (claimed === undefined || isSameFamily(detected, claimed)) return detected;
  return { kind: 'skip', reason: 'wrong_format', detail: `named ${claimed}, is ${detected}` };
};

interface Sums {
  readonly sha256: Uint8Array;
  readonly md5: Uint8Array;
}

const sumsOf = (bytes: Uint8Array): Sums => ({
  sha256: Uint8Array.from(hash('sha256', bytes, 'buffer')),
  md5: Uint8Array.from(hash('md5', bytes, 'buffer')),
});

/** Both checksums in one pass; undefined where the file is shorter than it was. */
const readSums = (fd: number, byteSize: number): Sums | undefined => {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  const chunk = scratchOf(CHUNK_BYTES);
  for (let position = 0; position < byteSize;) {
    const bytes = readSync(fd, chunk, 0, Math.min(chunk.length, byteSize - position), position);
    if (bytes === 0) return undefined;
    const part = chunk.subarray(0, bytes);
    sha256.update(part);
    md5.update(part);
    position += bytes;
  }
  return { sha256: Uint8Array.from(sha256.digest()), md5: Uint8Array.from(md5.digest()) };
};

/** Never throws: a file whose tags nobody can read is still a file to be kept. */
const tagsOf = async (
  source: TagSource,
  format: AudioFormat,
  name: Uint8Array,
  withTags: boolean,
  onParsing: () => void,
): Promise<{ readonly tags: Tags; readonly trouble?: string }> => {
  if (!withTags) return { tags: toTags({}, name), trouble: 'the tag reader came to grief over this file' };
  onParsing();
  try {
    return { tags: toTags(await readTags(source, format), name) };
  } catch (error) {
    return { tags: toTags({}, name), trouble: error instanceof Error ? error.message : String(error) };
  }
};
