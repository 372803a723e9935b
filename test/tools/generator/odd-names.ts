import { mkdirSync } from 'node:fs';
import { AUDIO_WRITERS } from '../../../src-main/headless/demo/audio/formats.ts';
import { writeNewFile } from './write.ts';

export const ODD_FOLDER = 'Odd names';

const text = (name: string): Buffer => Buffer.from(name, 'utf8');
const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : text(part))));

const composed = 'Café'.normalize('NFC');
const decomposed = composed.normalize('NFD');
const MP3 = '.mp3';

/** Names that disks hold and programs stumble over, relative to {@link ODD_FOLDER}; some lie in a folder of their own. */
export const ODD_NAMES: readonly Buffer[] = [
  text(`${composed}${MP3}`),
  text(`${decomposed}${MP3}`),
  text(`${composed} folder/one${MP3}`),
  text(`${decomposed} folder/one${MP3}`),
  text(`🎻 fiddle 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿${MP3}`),
  text(`"double" 'single' \`back\`${MP3}`),
  text(`100% #1 hit? a&b + c=d; e%2Ff %00 %zz${MP3}`),
  text(`back\\slash: a|b <c> *${MP3}`),
  text(`$HOME $(touch x) ~ {a,b} [c] !${MP3}`),
  text(`'; DROP TABLE tracks; --${MP3}`),
  text(`trailing dot.${MP3}`),
  text(`Trailing dot./one${MP3}`),
  text(`trailing space ${MP3}`),
  text(`Trailing space /one${MP3}`),
  text(` leading space${MP3}`),
  text(`-leading dash${MP3}`),
  text(`--help${MP3}`),
  text(`.hidden${MP3}`),
  text(`...${MP3}`),
  text(`CON${MP3}`),
  text(`aux.part${MP3}`),
  text(`${'x'.repeat(255 - MP3.length)}${MP3}`),
  text(`y${'é'.repeat(125)}${MP3}`),
  text(`new\nline${MP3}`),
  text(`tab\tand\rreturn and \u0007 bell and \u001b[31mred${MP3}`),
  bytes('Latin-1 caf', 0xe9, MP3),
  bytes('cut short ', 0xf0, 0x9f, 0x8e, MP3),
  bytes('Folder ', 0xff, 0xfe, '/one', MP3),
  bytes('twin ', 0xe9, MP3),
  bytes('twin ', 0xe8, MP3),
  text(`twin \ufffd${MP3}`),
  text(`Case Twin${MP3}`),
  text(`case twin${MP3}`),
  text(`CASE TWIN.MP3`),
  text(`Case Folder/one${MP3}`),
  text(`case folder/one${MP3}`),
  text(`straße${MP3}`),
  text(`STRASSE${MP3}`),
  text(`שלום عربى${MP3}`),
  text(`gnp.\u202e3pm.exe \u202c${MP3}`),
  text(`\u2066isolated\u2069 \u200fmarks\u200e zero\u200bwidth \ufeffbom${MP3}`),
  text(`<img src=x onerror=alert(1)>${MP3}`),
  text(`__proto__${MP3}`),
  text(`song.flac${MP3}`),
  text(`${'deep/'.repeat(40)}one${MP3}`),
];

export interface OddNames {
  /** Relative to the library, with the size in bytes. */
  readonly written: readonly { readonly path: Buffer; readonly bytes: number }[];
  /** Names that this file system would not take, with its error code. Empty on Linux. */
  readonly refused: readonly { readonly path: Buffer; readonly code: string }[];
}

/** Writes a small mp3 of its own under each of the names. */
export const writeOddNames = (root: string, seed: number, seconds = 0.2): OddNames => {
  const written: { path: Buffer; bytes: number }[] = [];
  const refused: { path: Buffer; code: string }[] = [];
  ODD_NAMES.forEach((name, index) => {
    const path = Buffer.concat([text(`${ODD_FOLDER}/`), name]);
    const whole = Buffer.concat([text(`${root}/`), path]);
    const tags = { title: `Odd ${index + 1}`, artist: 'Odd', album: 'Names', track: index + 1, year: 2001 };
    const file = AUDIO_WRITERS.mp3.write({ ...tags, genre: 'Test' }, { seconds, seed: seed + index });
    try {
      mkdirSync(whole.subarray(0, whole.lastIndexOf('/')), { recursive: true });
      writeNewFile(whole, file);
      written.push({ path, bytes: file.length });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push({ path, code: error.code });
    }
  });
  return { written, refused };
};

/** EEXIST is how a disk that folds case or normal forms says that the twin is there already. */
const REFUSALS = ['EILSEQ', 'EINVAL', 'ENOENT', 'EEXIST', 'ENAMETOOLONG', 'EISDIR'];

const isRefusal = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  REFUSALS.includes(error.code);
