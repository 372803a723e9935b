import {
  type AudioFormat,
  detectFormat,
  extensionOf,
  formatOfExtension,
  id3v2Length,
  isSameFamily,
} from '../../shared/audio-types.ts';
import type { ObjectStore } from '../storage/contract.ts';

const PEEK_BYTES = 4096;
/** Some taggers put a new tag before the old one. */
const MAX_ID3_TAGS = 4;

/** What the first bytes of an object behind its ID3v2 tags and their padding are; undefined: not audio. */
export const detectStoredFormat = async (
  store: Pick<ObjectStore, 'peek'>,
  key: string,
): Promise<AudioFormat | undefined> => {
  let at = 0;
  let head = await store.peek(key, at, PEEK_BYTES);
  for (let tags = 0; tags < MAX_ID3_TAGS; tags += 1) {
    const length = id3v2Length(head);
    if (length === 0) break;
    at += length;
    head = length + 64 <= head.length ? head.subarray(length) : await store.peek(key, at, PEEK_BYTES);
  }
  const start = head.findIndex((byte) => byte !== 0);
  return start < 0 ? undefined : detectFormat(head.subarray(start));
};

/** Whether these bytes may go by this name. */
export const agreesWithName = (detected: AudioFormat, filename: string): boolean => {
  const claimed = formatOfExtension(extensionOf(filename));
  return claimed !== undefined && isSameFamily(detected, claimed);
};
