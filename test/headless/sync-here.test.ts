import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences, snapshotLibrary } from '../kit/library-snapshot.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

/** All but the end of a line. */
const CONTROLS = /(?!\n)[\p{Cc}\u202e]/u;

describe('an archive on this computer', () => {
  test('takes a library, and a second run sends nothing', async () => {
    const library = libraryOf(12);
    put(library, 'copy/again.mp3', music('mp3', 1));
    const before = snapshotLibrary(library);
    const { run, dataFolder } = ledgerline();

    const first = await run('sync', library, '--json');
    expect(first.code).toBe(0);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(first.stderr).toContain(join(dataFolder, 'archive'));
    expect(first.stderr).toContain('a copy and no backup');
    expect(summaryIn(first)).toMatchObject({
      found: 13,
      archived: 12,
      already_archived: 1,
      puts: 12,
      archive: join(dataFolder, 'archive'),
      libraries: [{ path: library }],
      interrupted: false,
      reasons: [],
    });

    const second = await run('sync', library, '--json');
    expect(second.code).toBe(0);
    expect(summaryIn(second)).toMatchObject({ found: 13, already_archived: 13, puts: 0, bytes_sent: 0 });

    const third = await run('sync', library);
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(third.stdout).toMatch(/All is archived; there was nothing to send/);
    expect(differences(before, snapshotLibrary(library))).toEqual([]);
  });

  test('tells each file with --verbose', async () => {
    const library = libraryOf(2);
    put(library, 'empty.mp3', '');
    const { run } = ledgerline();
    const result = await run('sync', library, '--verbose');
    expect(result.stdout).toMatch(/^archived +\d[\d.]* kB +\d+\.\d s +\/.*000 Söng\.mp3$/m);
    expect(result.stdout).toMatch(/^skipped +0 bytes +0\.0 s +\/.*empty\.mp3: The file is empty/m);
    expect(result.code).toBe(0);
  });

  test('shows names that hold escape sequences as text, and lists them with their reason', async () => {
    const library = libraryOf(1);
    put(library, 'bad \u001b[31mred\u001b]0;title\u0007\u202e.mp3', 'this is not music');
    put(library, 'not really.flac', music('mp3', 7));
    const { run } = ledgerline();
    const sync = await run('sync', library, '--verbose');
    const list = await run('list', '--state', 'skipped');
    const json = await run('list', '--state', 'skipped', '--json');
    for (const { stdout, stderr } of [sync, list, json]) {
      expect(stdout + stderr).not.toMatch(CONTROLS);
      // JSON has the name itself, by escapes of its own.
      expect(stdout).toMatch(/bad (\\+u\{1b\}|\\u001b)\[31mred/);
    }
    expect(sync.code).toBe(0);
    expect(list.stdout).toContain('The name says audio but the bytes are none that we know.');
    expect(list.stdout).toContain('Give it the right extension.');
    expect(list.stdout).toMatch(/2 files skipped\.\n$/);
    const codes = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { code: string }).code);
    expect(codes.toSorted()).toEqual(['not_audio', 'wrong_format']);
  });

  test('will not begin where there is no room for it', async () => {
    const library = libraryOf(2);
    const { runWith } = ledgerline();
    const env = { LEDGERLINE_TEST_RESERVE_BYTES: String(Number.MAX_SAFE_INTEGER) };
    const result = await runWith({ env }, 'sync', library, '--json');
    expect(result.code).toBe(1);
    expect(result.json).toMatchObject({ error: { code: 'no_room' }, puts: 0, waiting: 2, exit_code: 1 });
    expect(result.stderr).toContain('--data-dir');
  });
});

describe('what is asked wrongly', () => {
  test('ends with 2, one line, and nothing made', async () => {
    const { run, dataFolder } = ledgerline();
    for (const argv of [
      ['sync'],
      ['sync', '/nowhere at all'],
      ['sync', '/', '--nonsense'],
      ['frobnicate'],
      ['list'],
      ['list', '--state', 'lost'],
      ['list', '--state', 'failed', '--limit', '0'],
      ['status', 'extra'],
      ['retry', '--class', 'some'],
      ['retry'],
      ['forget'],
      ['forget', '/nowhere at all'],
      ['demo', '--nonsense'],
    ]) {
      const result = await run(...argv);
      expect({ argv, code: result.code, lines: result.stderr.trimEnd().split('\n').length }).toEqual({
        argv,
        code: 2,
        lines: 1,
      });
      expect(result.stdout).toBe('');
    }
    expect(existsSync(dataFolder)).toBe(false);
  });

  test('a folder of which one part was named already is refused', async () => {
    const library = libraryOf(1);
    const { run } = ledgerline();
    const result = await run('sync', library, join(library, 'Album 0'), '--json');
    expect(result.code).toBe(2);
    expect(result.json).toEqual({
      error: { code: 'library_unusable', message: expect.stringContaining('may not overlap') as string },
      exit_code: 2,
    });
  });
});

describe('a data folder', () => {
  test.each([
    [
      'in the library',
      (library: string) => join(library, '.ledger'),
      /nothing is ever written into a library/,
    ],
    ['that is the library', (library: string) => library, /nothing is ever written into a library/],
    ['around the library', (library: string) => join(library, '..'), /Name the folder that holds your music/],
  ])('%s is refused, and nothing is written', async (_where, dataFolder, words) => {
    const holder = testFolder('holder');
    put(holder, 'Music/song.mp3', music('mp3', 1));
    const library = join(holder, 'Music');
    const before = snapshotLibrary(holder);
    const { run } = ledgerline();
    for (const more of [[], ['--dry-run']]) {
      const result = await run('sync', library, '--data-dir', dataFolder(library), ...more);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(words);
      expect(result.stderr).toMatch(/^[^\n]+\n$/);
    }
    expect(differences(before, snapshotLibrary(holder))).toEqual([]);
  });

  test('that a link leads to is found in the library as well', async () => {
    const holder = testFolder('holder');
    put(holder, 'Music/song.mp3', music('mp3', 1));
    symlinkSync(join(holder, 'Music'), join(holder, 'link'));
    const { run } = ledgerline();
    const result = await run(
      'sync',
      join(holder, 'Music'),
      '--data-dir',
      join(holder, 'link', 'not yet', 'there'),
    );
    expect(result.code).toBe(2);
    expect(readdirSync(join(holder, 'Music'))).toEqual(['song.mp3']);
  });
});

describe('without a command', () => {
  test('it says how to begin, and help is there for each', async () => {
    const { run } = ledgerline();
    const welcome = await run();
    expect(welcome.code).toBe(0);
    for (const word of ['demo', 'sync --dry-run', 'sync ~/Music', 'status'])
      expect(welcome.stdout).toContain(`ledgerline ${word}`);
    for (const argv of [
      ['--help'],
      ['help', 'sync'],
      ['sync', '--help'],
      ['list', '-h'],
      ['server', '--help'],
    ]) {
      const help = await run(...argv);
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/ledgerline (sync|list|server)/);
    }
    expect((await run('--version')).stdout).toMatch(/^ledgerline \d+\.\d+\.\d+\n$/);
  });
});
