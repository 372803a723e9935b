/**
 * The audio formats that Ledgerline knows: which extensions and MIME types name a format, and which first
 * bytes prove it. Client and archive use the same table, so a file that one accepts the other accepts too.
 */

export type AudioFormat =
  | 'mp3'
  | 'flac'
  | 'mp4'
  | 'aac'
  | 'ogg'
  | 'wav'
  | 'aiff'
  | 'asf'
  | 'ape'
  | 'wavpack'
  | 'dsf'
  | 'dff'
  | 'musepack';

interface AudioType {
  readonly format: AudioFormat;
  /** Lower case, without the dot. The first is the usual one. */
  readonly extensions: readonly string[];
  /** The first is what we send; the others are what other systems call the same thing. */
  readonly mimeTypes: readonly string[];
  /** Whether these first bytes are this format. Needs at most {@link MAGIC_BYTES} bytes. */
  readonly matches: (head: Uint8Array) => boolean;
}

/** How many bytes from the beginning of a file (behind any ID3v2 tag) {@link detectFormat} may look at. */
export const MAGIC_BYTES = 64;

const ascii = (head: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (head[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

const startsWithBytes = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, i) => head[i] === byte);

/** An MPEG audio frame header: 11 sync bits, a real version, layer (0 is ADTS), bit rate and sample rate. */
const isMpegFrame = (head: Uint8Array): boolean => {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return false;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  return version !== 1 && layer !== 0 && third >> 4 !== 0xf && ((third >> 2) & 3) !== 3;
};

const isAdtsFrame = (head: Uint8Array): boolean =>
  head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0 && (((head[2] ?? 0) >> 2) & 0xf) < 13;

const ASF_HEADER = [
  0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c,
];

const TYPES: readonly AudioType[] = [
  {
    format: 'flac',
    extensions: ['flac'],
    mimeTypes: ['audio/flac', 'audio/x-flac'],
    matches: (h) => ascii(h, 0, 'fLaC'),
  },
  {
    format: 'mp4',
    extensions: ['m4a', 'alac', 'm4b', 'mp4'],
    mimeTypes: ['audio/mp4', 'audio/x-m4a', 'audio/m4a', 'audio/alac', 'video/mp4'],
    matches: (h) => ascii(h, 4, 'ftyp'),
  },
  {
    format: 'ogg',
    extensions: ['ogg', 'oga', 'opus'],
    mimeTypes: ['audio/ogg', 'audio/opus', 'audio/vorbis', 'application/ogg'],
    matches: (h) => ascii(h, 0, 'OggS'),
  },
  {
    format: 'wav',
    extensions: ['wav'],
    mimeTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
    matches: (h) => (ascii(h, 0, 'RIFF') || ascii(h, 0, 'RF64')) && ascii(h, 8, 'WAVE'),
  },
  {
    format: 'aiff',
    extensions: ['aiff', 'aif', 'aifc'],
    mimeTypes: ['audio/aiff', 'audio/x-aiff'],
    matches: (h) => ascii(h, 0, 'FORM') && (ascii(h, 8, 'AIFF') || ascii(h, 8, 'AIFC')),
  },
  {
    format: 'asf',
    extensions: ['wma'],
    mimeTypes: ['audio/x-ms-wma', 'video/x-ms-asf', 'application/vnd.ms-asf'],
    matches: (h) => startsWithBytes(h, ASF_HEADER),
  },
  {
    format: 'ape',
    extensions: ['ape'],
    mimeTypes: ['audio/ape', 'audio/x-ape', 'audio/x-monkeys-audio', 'audio/monkeys-audio'],
    matches: (h) => ascii(h, 0, 'MAC '),
  },
  {
    format: 'wavpack',
    extensions: ['wv'],
    mimeTypes: ['audio/wavpack', 'audio/x-wavpack'],
    matches: (h) => ascii(h, 0, 'wvpk'),
  },
  {
    format: 'dsf',
    extensions: ['dsf'],
    mimeTypes: ['audio/dsf', 'audio/x-dsf'],
    matches: (h) => ascii(h, 0, 'DSD '),
  },
  {
    format: 'dff',
    extensions: ['dff'],
    mimeTypes: ['audio/dff', 'audio/x-dff'],
    matches: (h) => ascii(h, 0, 'FRM8') && ascii(h, 12, 'DSD '),
  },
  {
    format: 'musepack',
    extensions: ['mpc'],
    mimeTypes: ['audio/musepack', 'audio/x-musepack'],
    matches: (h) => ascii(h, 0, 'MPCK') || ascii(h, 0, 'MP+'),
  },
  // The two without a signature of their own come last: a frame header is only a few bits.
  {
    format: 'aac',
    extensions: ['aac'],
    mimeTypes: ['audio/aac', 'audio/x-aac', 'audio/aacp'],
    matches: (h) => isAdtsFrame(h) || ascii(h, 0, 'ADIF'),
  },
  {
    format: 'mp3',
    extensions: ['mp3', 'mp2'],
    mimeTypes: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
    matches: isMpegFrame,
  },
];

const byExtension = new Map(
  TYPES.flatMap((type) => type.extensions.map((extension) => [extension, type] as const)),
);
const byMimeType = new Map(TYPES.flatMap((type) => type.mimeTypes.map((mime) => [mime, type] as const)));

/** Every MIME type that the archive takes unless it is configured otherwise. */
export const AUDIO_MIME_TYPES: readonly string[] = [...byMimeType.keys()];
export const AUDIO_EXTENSIONS: readonly string[] = [...byExtension.keys()];

/** The part after the last dot, in lower case; empty where there is none (`.mp3` alone has none). */
export const extensionOf = (filename: string): string => {
  const dot = filename.lastIndexOf('.');
  return dot > 0 ? filename.slice(dot + 1).toLowerCase() : '';
};

export const formatOfExtension = (extension: string): AudioFormat | undefined =>
  byExtension.get(extension.toLowerCase())?.format;

export const formatOfMimeType = (mimeType: string): AudioFormat | undefined =>
  byMimeType.get(mimeType.toLowerCase())?.format;

/** The MIME type that we send for a file with this extension; undefined where it is not audio. */
export const mimeTypeOfExtension = (extension: string): string | undefined =>
  byExtension.get(extension.toLowerCase())?.mimeTypes[0];

/**
 * The length in bytes of the ID3v2 tag that a file begins with, its header (and footer) included; 0 without one.
 * A tag may stand before any format (it usually does before mp3, sometimes before flac, aac, ape or wavpack).
 */
export const id3v2Length = (head: Uint8Array): number => {
  if (!ascii(head, 0, 'ID3') || head.length < 10) return 0;
  const sizeBytes = head.subarray(6, 10);
  if (sizeBytes.some((byte) => byte > 0x7f)) return 0;
  const size = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
  return 10 + size + (hasFooter ? 10 : 0);
};

/** The format that these first bytes prove; the caller skips an ID3v2 tag first ({@link id3v2Length}). */
export const detectFormat = (head: Uint8Array): AudioFormat | undefined =>
  TYPES.find((type) => type.matches(head))?.format;

/**
 * Whether bytes detected as `detected` may carry a name or type of the family `claimed`. Frames of MPEG and ADTS
 * are told apart by few bits and files are often named the other way round, so these two count as one family.
 */
export const isSameFamily = (detected: AudioFormat, claimed: AudioFormat): boolean => {
  const frames: readonly AudioFormat[] = ['mp3', 'aac'];
  return detected === claimed || (frames.includes(detected) && frames.includes(claimed));
};
