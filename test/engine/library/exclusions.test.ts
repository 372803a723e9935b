import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkExclusions, exclusionsOf } from '../../../src-main/engine/library/exclusions.ts';
import { scanLibrary } from '../../../src-main/engine/library/scan.ts';
import type { ScanResult } from '../../../src-main/engine/library/differences.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { LedgerFixture } from './ledger-fixture.ts';

const put = (library: string, path: string): void => {
  mkdirSync(dirname(join(library, path)), { recursive: true });
  writeFileSync(join(library, path), path);
  utimesSync(join(library, path), 1_600_000_000, 1_600_000_000);
};

const stage = (paths: readonly string[]) => {
  const library = testFolder('library');
  for (const path of paths) put(library, path);
  const ledger = new LedgerFixture(testFolder('data'), Buffer.from(library));
  onTestFinished(() => ledger[Symbol.dispose]());
  const scan = (exclusions: readonly string[]): Promise<ScanResult> =>
    scanLibrary({
      launch: nodeLaunch,
      ledgerPath: ledger.path,
      library: { id: ledger.libraryId, path: Buffer.from(library) },
      exclusions,
      onBatch: ledger.apply,
    });
  const states = (): Record<string, string> =>
    Object.fromEntries(
      ledger
        .rows()
        .map(({ place, state, reason }) => [Buffer.from(place, 'latin1').toString(), reason ?? state]),
    );
  return { library, ledger, scan, states };
};

test('what is left out from the start is not found, and its folders are not looked into', async () => {
  const { library, scan, states } = stage([
    'a/1.mp3',
    'a/2.wav',
    'Podcasts/new/3.mp3',
    'b/Podcasts/4.mp3',
    'c.mp3',
  ]);
  // Whoever looked into it would take this for a track.
  mkdirSync(join(library, 'Podcasts', 'x.mp3.d'));
  expect(await scan(['Podcasts/', '*.wav', '# a remark', ''])).toMatchObject({
    outcome: 'complete',
    files: 2,
    folders: 3,
    excluded: 3,
  });
  expect(states()).toEqual({ 'a/1.mp3': 'found', 'c.mp3': 'found' });
});

test('known tracks that are left out are skipped and not missing; without the line they are back as they were', async () => {
  const { library, scan, states } = stage(['a/1.mp3', 'a/2.wav', 'Höhle/deep/3.mp3', 'Höhle/4.mp3', 'c.mp3']);
  await scan([]);
  await scan(['/höhle/', '*.wav']);
  const left = {
    'a/1.mp3': 'found',
    'a/2.wav': 'excluded',
    'Höhle/deep/3.mp3': 'excluded',
    'Höhle/4.mp3': 'excluded',
    'c.mp3': 'found',
  };
  expect(states()).toEqual(left);
  // Gone while nobody looked: that is not known, and not told.
  rmSync(join(library, 'Höhle', '4.mp3'));
  await scan(['/höhle/', '*.wav']);
  expect(states()).toEqual(left);
  await scan([]);
  expect(states()).toEqual({
    'a/1.mp3': 'found',
    'a/2.wav': 'found',
    'Höhle/deep/3.mp3': 'found',
    'Höhle/4.mp3': 'missing',
    'c.mp3': 'found',
  });
});

test('a file that is left out in a folder that is not, and then is gone, is missing', async () => {
  const { library, scan, states } = stage(['a/1.mp3', 'a/2.wav']);
  await scan([]);
  await scan(['*.wav']);
  rmSync(join(library, 'a/2.wav'));
  await scan(['*.wav']);
  expect(states()).toEqual({ 'a/1.mp3': 'found', 'a/2.wav': 'missing' });
});

test('a library of which all is left out is there still, and its files are not gone', async () => {
  const { scan, states } = stage(['a/1.mp3', 'b.mp3']);
  await scan([]);
  expect(await scan(['*'])).toMatchObject({ outcome: 'complete' });
  expect(states()).toEqual({ 'a/1.mp3': 'excluded', 'b.mp3': 'excluded' });
});

test('lines mean what git takes them for', () => {
  const lines = ['Podcasts/', '/Top', '*.wav', '!keep.wav', 'a/**/z', 'Live[0-9]', 'Live \\[demo\\]'];
  const repository = testFolder('repository');
  execFileSync('git', ['init', '-q', repository]);
  writeFileSync(join(repository, '.gitignore'), lines.join('\n'));
  const files = [
    'Podcasts/1.mp3',
    'x/Podcasts/2.mp3',
    'x/Podcasts.mp3',
    'Top/1.mp3',
    'x/Top/1.mp3',
    'a.wav',
    'x/keep.wav',
    'a/z/1.mp3',
    'a/b/c/z/1.mp3',
    'Live1/1.mp3',
    'Live [demo]/1.mp3',
    'Live d/1.mp3',
  ];
  for (const file of files) put(repository, file);
  const git = execFileSync('git', ['-C', repository, 'ls-files', '-o', '--exclude-standard', '-z'])
    .toString()
    .split('\0')
    .filter((path) => path !== '' && path !== '.gitignore');
  const exclusions = exclusionsOf(lines);
  const folders = (file: string): string[] =>
    file
      .split('/')
      .slice(0, -1)
      .map((_, i, parts) => parts.slice(0, i + 1).join('/'));
  const ours = files.filter(
    (file) =>
      !folders(file).some((folder) => exclusions?.excludes(folder, true) === true) &&
      exclusions?.excludes(file, false) === false,
  );
  expect(ours.toSorted()).toEqual(git.toSorted());
});

test('it keeps its head when it is asked for very many paths', () => {
  const exclusions = exclusionsOf(['Podcasts/', '*.wav']);
  const left = Array.from({ length: 50_000 }, (_, i) => `a/${i}.${i % 1_000 === 0 ? 'wav' : 'mp3'}`).filter(
    (path) => exclusions?.excludes(path, false),
  );
  expect(left).toHaveLength(50);
  expect(left.every((path) => path.endsWith('.wav'))).toBe(true);
});

test.each([
  ['../Podcasts', /leads out/],
  ['Music\\Podcasts', /write \/ between folders/],
  ['C:\\Music', /at the music folder/],
  ['~/Music/Podcasts', /at the music folder/],
  ['Podcasts\\', /backslash/],
  ['/', /names nothing/],
  ['!', /names nothing/],
  ['Live [demo', /has no \]/],
  ['a\nb', /more than one line/],
  ['x'.repeat(1_001), /too long/],
])('the line %j cannot be understood, and leaves out nothing', (line, words) => {
  expect(() => checkExclusions(['Podcasts/', line])).toThrow(words);
  expect(exclusionsOf([line])).toBeUndefined();
});
