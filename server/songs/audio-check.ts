import {
  type AudioFormat,
  detectFormat,
  extensionOf,
  formatOfExtension,
  id3v2Length,
  isSameFamily,
  MAGIC_BYTES,
} from '../../shared/audio-types.ts';
import type { ObjectStore } from '../storage/contract.ts';

/** Some taggers put a new tag before the old one. */
const MAX_ID3_TAGS = 4;
/** Enough for every signature; only what has none of them is looked at further. */
const PEEK_BYTES = 4096;

/** What the first bytes of an object behind its ID3v2 tags are; undefined: not audio. */
export const detectStoredFormat = async (
  store: Pick<ObjectStore, 'peek'>,
  key: string,
): Promise<AudioFormat | undefined> => {
  let at = 0;
  for (let tags = 0; tags <= MAX_ID3_TAGS; tags += 1) {
    const head = await store.peek(key, at, PEEK_BYTES);
    const length = id3v2Length(head);
    if (length === 0) return detectFormat(head) ?? detectFormat(await store.peek(key, at, MAGIC_BYTES));
    at += length;
  }
  return undefined;
};

/** Whether these bytes may go by this name. */
export const agreesWithName = (detected: AudioFormat, filename: string): boolean => {
  const claimed = formatOfExtension(extensionOf(filename));
  return claimed !== undefined && isSameFamily(detected, claimed);
};
