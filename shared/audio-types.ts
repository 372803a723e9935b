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

/** Frames may begin behind this much junk or padding; further in nothing is looked for. */
const SEARCH_BYTES = 64 * 1024;
/** The longest frame that an ADTS header can announce; those of MPEG audio are shorter. */
const MAX_FRAME_BYTES = 8191;
const FRAMES_IN_A_ROW = 3;

/**
 * How many bytes from the beginning of a file (behind any ID3v2 tag) {@link detectFormat} may look at. Give it as
 * many of them as the file has.
 */
export const MAGIC_BYTES = SEARCH_BYTES + FRAMES_IN_A_ROW * MAX_FRAME_BYTES;

const ascii = (head: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) if (head[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

const startsWithBytes = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, i) => head[i] === byte);

/** kbit/s by bit rate index (1 to 14): layers II and III of MPEG 1, then both layers of MPEG 2 and 2.5. */
const MPEG1_LAYER2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384] as const;
const MPEG1_LAYER3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const MPEG2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
const MPEG1_SAMPLE_RATES = [44_100, 48_000, 32_000] as const;

/**
 * The length in bytes of the MPEG audio frame (layer II or III) whose header stands at `at`; 0 where there is none.
 * Layer I has no extension of its own here, and a UTF-16 text's first bytes look like it. (ISO 11172-3, 13818-3)
 */
const mpegFrameLength = (head: Uint8Array, at: number): number => {
  const [first = 0, second = 0, third = 0] = head.subarray(at, at + 3);
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return 0;
  const version = (second >> 3) & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const layer = (second >> 1) & 3; // 2: layer II, 1: layer III
  if (version === 1 || (layer !== 1 && layer !== 2)) return 0;
  const isMpeg1 = version === 3;
  const kbits = (isMpeg1 ? (layer === 2 ? MPEG1_LAYER2 : MPEG1_LAYER3) : MPEG2)[(third >> 4) - 1];
  const rate = MPEG1_SAMPLE_RATES[(third >> 2) & 3];
  if (kbits === undefined || rate === undefined) return 0;
  const sampleRate = isMpeg1 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samplesPerByte = layer === 1 && !isMpeg1 ? 72 : 144;
  return Math.floor((samplesPerByte * kbits * 1000) / sampleRate) + ((third >> 1) & 1);
};

/** The length in bytes of the ADTS frame whose header stands at `at`; 0 where there is none. (ISO 13818-7) */
const adtsFrameLength = (head: Uint8Array, at: number): number => {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = head.subarray(at, at + 6);
  if (first !== 0xff || (second & 0xf6) !== 0xf0 || ((third >> 2) & 0xf) > 12) return 0;
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
  return length > 7 ? length : 0;
};

/** Which bits of the first four bytes every frame of one stream has in common. */
const MPEG_CONSTANT = [0xff, 0xfe, 0x0c, 0x00] as const;
const ADTS_CONSTANT = [0xff, 0xff, 0xfd, 0xc0] as const;

type FrameLength = (head: Uint8Array, at: number) => number;
type ConstantBits = readonly [number, number, number, number];

/**
 * Whether a stream of frames begins within the first {@link SEARCH_BYTES}: several headers in a row, each where the
 * one before says, all of one kind. Chance alone passes this about once in a thousand million random files.
 */
const hasFrames = (head: Uint8Array, frameLength: FrameLength, constant: ConstantBits): boolean => {
  const end = Math.min(head.length, SEARCH_BYTES);
  for (let at = head.indexOf(0xff); at !== -1 && at < end; at = head.indexOf(0xff, at + 1)) {
    if (framesInARow(head, at, frameLength, constant)) return true;
  }
  return false;
};

const framesInARow = (
  head: Uint8Array,
  start: number,
  frameLength: FrameLength,
  constant: ConstantBits,
): boolean => {
  let at = start;
  for (let frame = 0; frame < FRAMES_IN_A_ROW; frame += 1) {
    // A jingle may be shorter than three frames; then it has to begin with the very first byte.
    if (frame > 0 && start === 0 && isEndOfFrames(head, at)) return true;
    const length = frameLength(head, at);
    if (length === 0) return false;
    if (constant.some((mask, i) => (((head[start + i] ?? 0) ^ (head[at + i] ?? 0)) & mask) !== 0))
      return false;
    at += length;
  }
  return true;
};

const isEndOfFrames = (head: Uint8Array, at: number): boolean =>
  at >= head.length || ascii(head, at, 'TAG') || ascii(head, at, 'APETAGEX');

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
    extensions: ['m4a', 'alac', 'm4b'],
    mimeTypes: ['audio/mp4', 'audio/x-m4a', 'audio/m4a', 'audio/alac'],
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
    matches: (h) => ['RIFF', 'RF64', 'BW64'].some((id) => ascii(h, 0, id)) && ascii(h, 8, 'WAVE'),
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
  // The two without a signature of their own come last: a frame header is only a few bits, so it takes three in a row.
  {
    format: 'aac',
    extensions: ['aac'],
    mimeTypes: ['audio/aac', 'audio/x-aac', 'audio/aacp'],
    matches: (h) => ascii(h, 0, 'ADIF') || hasFrames(h, adtsFrameLength, ADTS_CONSTANT),
  },
  {
    format: 'mp3',
    // Layer II (broadcast archives are full of it) has the same frames and the same MIME type.
    extensions: ['mp3', 'mp2'],
    mimeTypes: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
    matches: (h) => hasFrames(h, mpegFrameLength, MPEG_CONSTANT),
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

/**
 * The format that these first bytes prove, or undefined. The caller skips an ID3v2 tag first ({@link id3v2Length}),
 * for it may be longer than the head; a second tag behind it, as some taggers leave, is skipped here.
 */
export const detectFormat = (head: Uint8Array): AudioFormat | undefined => {
  const tag = id3v2Length(head);
  if (tag > 0) return tag < head.length ? detectFormat(head.subarray(tag)) : undefined;
  return TYPES.find((type) => type.matches(head))?.format;
};

/** Formats that are often named the other way round: their frames differ by few bits, or the codec is the same. */
const NAMED_ALIKE: readonly (readonly [AudioFormat, AudioFormat])[] = [
  ['mp3', 'aac'],
  ['aac', 'mp4'],
];

/** Whether bytes detected as `detected` may carry a name or type of the family `claimed`. */
export const isSameFamily = (detected: AudioFormat, claimed: AudioFormat): boolean =>
  detected === claimed ||
  NAMED_ALIKE.some(
    ([one, other]) => (one === detected && other === claimed) || (one === claimed && other === detected),
  );
