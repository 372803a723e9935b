import { extensionOf, formatOfExtension, formatOfMimeType, isSameFamily } from '../../shared/audio-types.ts';
import type { ArchiveSettings } from '../config.ts';
import { Refusal } from '../problems.ts';

/** Control characters, marks that reverse the direction of text, and what separates folders. */
// oxlint-disable-next-line no-control-regex -- these are exactly what must not get through
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/gu;

/** Something that a person can see; dots alone are taken for the beginning of a hidden file's name. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800.]/u;

/**
 * A name that can be shown and sent in a header. It is never used as a path. Where there is nothing to see before the
 * extension, it says `untitled` there: the file is music all the same.
 */
export const tameFilename = (name: string): string => {
  const safe = name.toWellFormed().replace(UNSAFE, '-').trimEnd();
  const extension = extensionOf(safe);
  if (extension === '') return safe.trim();
  return VISIBLE.test(safe.slice(0, -extension.length)) ? safe.trimStart() : `untitled.${extension}`;
};

/** Throws a {@link Refusal} (422) unless name and type both say the same kind of audio, one that is taken. */
export const checkAudioClaim = (filename: string, contentType: string, settings: ArchiveSettings): void => {
  const byName = formatOfExtension(extensionOf(tameFilename(filename)));
  if (byName === undefined) {
    throw new Refusal('unsupported_audio', 'The file name does not end like an audio format that is taken.');
  }
  const byType = formatOfMimeType(contentType);
  if (byType === undefined || !settings.contentTypes.includes(contentType.toLowerCase())) {
    throw new Refusal('unsupported_audio', 'The content type is not an audio format that is taken.');
  }
  if (!isSameFamily(byName, byType)) {
    throw new Refusal('unsupported_audio', 'The file name and the content type say different formats.');
  }
};
