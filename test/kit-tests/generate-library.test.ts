import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseFile } from 'music-metadata';
import { expect, test } from 'vitest';
import {
  AUDIO_EXTENSIONS,
  detectFormat,
  extensionOf,
  id3v2Length,
  isSameFamily,
  formatOfExtension,
} from '../../shared/audio-types.ts';
import { sha256OfFile } from '../kit/hash.ts';
import { snapshotLibrary } from '../kit/library-snapshot.ts';
import { testFolder } from '../kit/test-folder.ts';
import { BAD_MEDIA, writeBadMedia } from '../tools/generator/bad-media.ts';
import { generateLibrary, type GeneratedLibrary } from '../tools/generator/generate.ts';
import { albumNames, songTitle } from '../tools/generator/names.ts';
import { ODD_NAMES } from '../tools/generator/odd-names.ts';
import { layoutOf } from '../tools/generator/plan.ts';
import { writeTracks } from '../tools/generator/write.ts';

const wholePath = ({ root }: GeneratedLibrary, path: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${root}/`), path]);

const hashes = (library: GeneratedLibrary): readonly string[] =>
  library.tracks.map(({ path }) => sha256OfFile(wholePath(library, path)));

const isAudio = (path: Buffer): boolean => AUDIO_EXTENSIONS.includes(extensionOf(path.toString('latin1')));

test('a library has the files that were asked for, all different, and some that are no audio', async () => {
  const library = await generateLibrary({ out: testFolder(), files: 60, size: 5_000, covers: true });
  const onDisk = [...snapshotLibrary(library.root).values()].filter(({ kind }) => kind === 'file');
  const audio = onDisk.filter(({ path }) => isAudio(path));
  expect(audio.map(({ path }) => path.toString()).sort()).toEqual(
    library.tracks.map(({ path }) => path.toString()).sort(),
  );
  expect(audio).toHaveLength(60);
  expect(onDisk.length - audio.length).toBe(library.neighbours);
  expect(library.neighbours).toBeGreaterThan(0);
  expect(new Set(hashes(library)).size).toBe(60);
  expect(library.contents).toBe(60);
  expect(library.bytes).toBe(audio.reduce((sum, { size }) => sum + Number(size), 0));
});

test('every file can be read, and is tagged as its path says', async () => {
  const library = await generateLibrary({ out: testFolder(), files: 24, size: 8_000, covers: true });
  for (const { path } of library.tracks) {
    const [artist = '', album = '', name = ''] = path.toString().split('/');
    const { common, format } = await parseFile(wholePath(library, path).toString(), { duration: true });
    expect(`${common.artist}/${common.year} ${common.album}`).toBe(`${artist}/${album}`);
    expect(name).toMatch(`${String(common.track.no).padStart(2, '0')} ${common.title}.`);
    expect(common.picture?.[0]?.format).toBe('image/png');
    expect(format.duration).toBeGreaterThan(0);
  }
});

test('the same options give the same bytes, another seed other bytes under the same names', async () => {
  const first = await generateLibrary({ out: testFolder(), files: 12, size: 3_000 });
  const again = await generateLibrary({ out: testFolder(), files: 12, size: 3_000 });
  const other = await generateLibrary({ out: testFolder(), files: 12, size: 3_000, seed: 2 });
  expect(again.tracks).toEqual(first.tracks);
  expect(hashes(again)).toEqual(hashes(first));
  expect(other.tracks.map(({ path }) => path)).toEqual(first.tracks.map(({ path }) => path));
  expect(new Set([...hashes(first), ...hashes(other)]).size).toBe(24);
});

test('copies have the bytes of the track that they are a copy of', async () => {
  const library = await generateLibrary({ out: testFolder(), files: 40, size: 2_000, duplicates: 0.25 });
  const copies = library.tracks.filter(({ copyOf }) => copyOf !== undefined);
  expect(library.tracks).toHaveLength(40);
  expect(copies).toHaveLength(10);
  expect(library.contents).toBe(30);
  expect(new Set(hashes(library)).size).toBe(30);
  for (const { path, copyOf = Buffer.alloc(0) } of copies) {
    expect(readFileSync(wholePath(library, path)).equals(readFileSync(wholePath(library, copyOf)))).toBe(
      true,
    );
  }
});

test('formats, albums and sizes are those that were asked for', async () => {
  const library = await generateLibrary({
    out: testFolder(),
    files: 30,
    size: 40_000,
    formats: ['flac', 'mp3'],
    albums: 5,
  });
  const folders = new Set(library.tracks.map(({ path }) => path.toString().replace(/\/[^/]*$/, '')));
  expect(folders.size).toBe(5);
  const extensions = new Set(library.tracks.map(({ path }) => extensionOf(path.toString())));
  expect([...extensions].sort()).toEqual(['flac', 'mp3']);
  const sizes = library.tracks.map(({ bytes }) => bytes);
  expect(Math.min(...sizes)).toBeGreaterThan(0.55 * 40_000);
  expect(Math.max(...sizes)).toBeLessThan(1.5 * 40_000);
  expect(new Set(sizes).size).toBeGreaterThan(10);
});

test('a library that is written by several threads is the same as one written in one piece', async () => {
  const options = { files: 2_300, size: 500, formats: ['mp3', 'opus'], duplicates: 0.1 } as const;
  const library = await generateLibrary({ out: testFolder(), ...options });
  const root = testFolder();
  const { sizes, neighbours } = writeTracks(root, layoutOf(options), 0, options.files);
  expect(library.tracks.map(({ bytes }) => bytes)).toEqual([...sizes]);
  expect(library.neighbours).toBe(neighbours);
  expect(hashes(library)).toEqual(hashes({ ...library, root }));
});

test('no two albums and no two songs of a hundred thousand share a name, whatever the case', () => {
  const albums = new Set<string>();
  const titles = new Set<string>();
  for (let number = 0; number < 100_000; number += 1) {
    const { artist, album } = albumNames(number);
    albums.add(`${artist}/${album}`.toLowerCase());
    titles.add(songTitle(number).toLowerCase());
  }
  expect(albums.size).toBe(100_000);
  expect(titles.size).toBe(100_000);
});

test('odd names are on the disk byte by byte, each with other bytes inside', async () => {
  const library = await generateLibrary({ out: testFolder(), files: 1, size: 500, oddNames: true });
  expect(library.tracks.length + library.refused.length).toBe(1 + ODD_NAMES.length);
  expect(new Set(ODD_NAMES.map((name) => name.toString('hex'))).size).toBe(ODD_NAMES.length);
  const onDisk = snapshotLibrary(library.root);
  for (const { path } of library.tracks) expect(onDisk.has(path.toString('hex'))).toBe(true);
  expect(new Set(hashes(library)).size).toBe(library.tracks.length);
});

test.runIf(process.platform === 'linux')('Linux takes all odd names', async () => {
  const library = await generateLibrary({ out: testFolder(), files: 1, size: 500, oddNames: true });
  expect(library.refused).toEqual([]);
  const names = library.tracks.map(({ path }) => path);
  const isText = (path: Buffer): boolean => Buffer.from(path.toString('utf8')).equals(path);
  expect(names.filter((path) => !isText(path))).toHaveLength(5);
  const longest = Math.max(...names.map((path) => path.length - path.lastIndexOf('/') - 1));
  expect(longest).toBe(255);
});

test('bad media are bad in the way that they say', () => {
  const paths = writeBadMedia(testFolder());
  expect(paths).toHaveLength(BAD_MEDIA.length);
  BAD_MEDIA.forEach(({ name, looksLikeAudio }, index) => {
    const file = readFileSync(paths[index] ?? '');
    const found = detectFormat(file.subarray(id3v2Length(file)));
    const claimed = formatOfExtension(extensionOf(name));
    const isAsClaimed = found !== undefined && claimed !== undefined && isSameFamily(found, claimed);
    expect([name, isAsClaimed]).toEqual([name, looksLikeAudio]);
  });
});

const TOOL = fileURLToPath(new URL('../tools/generate-library.ts', import.meta.url));
const run = promisify(execFile);

test('the tool writes what its options say', async () => {
  const out = testFolder();
  const options = ['--out', out, '--files', '8', '--size', '2000', '--formats', 'wav', '--duplicates', '0.5'];
  const { stdout } = await run(process.execPath, [TOOL, ...options]);
  expect(stdout).toMatch(/^8 tracks \(4 contents/);
  const files = [...snapshotLibrary(out).values()].filter(({ path }) => path.toString().endsWith('.wav'));
  expect(files).toHaveLength(8);
});

test.each([
  [[], '--out and --files'],
  [['--out', 'x', '--files', 'many'], 'many is no number'],
  [['--out', 'x', '--files', '0'], 'files must be'],
  [['--out', 'x', '--files', '1', '--formats', 'wma'], 'wma is none of'],
  [['--out', 'x', '--files', '1', '--duplicates', '1'], 'duplicates must be'],
])('the tool explains itself when it is used like this: %j', async (args, message) => {
  const outcome = await run(process.execPath, [TOOL, ...args]).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
