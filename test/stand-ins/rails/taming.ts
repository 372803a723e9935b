/** As Active Storage cleans a name (ActiveStorage::Filename#sanitized). */
export const tamedFilename = (filename: string): string =>
  filename
    .toWellFormed()
    .trim()
    .replaceAll(/[\u202e%$|:;/<>?*"\t\r\n\\]/gu, '-');

const OWN_NAMES: Readonly<Record<string, string>> = {
  'audio/flac': 'audio/x-flac',
  'audio/wav': 'audio/x-wav',
  'audio/aiff': 'audio/x-aiff',
};

/** The archive has its own word for some types. */
export const tamedContentType = (contentType: string): string => OWN_NAMES[contentType] ?? contentType;
