import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli, startCli } from '../kit/cli.ts';
import { md5Of, sha256Of, sha256OfFile } from '../kit/hash.ts';
import { differences, snapshotLibrary } from '../kit/library-snapshot.ts';
import { isAlive, killProcess, waitForExit } from '../kit/processes.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { testFolder } from '../kit/test-folder.ts';
import { waitFor } from '../kit/wait-for.ts';
import { writeOddNames } from '../tools/generator/odd-names.ts';

test('a folder goes with odd names, locked folders and links, and what a link points to stays', () => {
  const folder = makeTempFolder();
  const kept = join(testFolder(), 'kept.txt');
  writeFileSync(kept, 'kept');
  writeOddNames(folder, 1, 0.05);
  symlinkSync(kept, join(folder, 'link'));
  symlinkSync(dirname(kept), join(folder, 'folder link'));
  mkdirSync(join(folder, 'locked', 'inner'), { recursive: true });
  chmodSync(join(folder, 'locked'), 0);
  removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync(kept, 'utf8')).toBe('kept');
});

test('a file is hashed like its bytes, however large it is', () => {
  const path = join(testFolder(), 'file');
  const bytes = Buffer.alloc(3_000_001, 'music ');
  writeFileSync(path, bytes);
  expect(sha256OfFile(path)).toBe(sha256Of(bytes));
  expect(sha256Of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(md5Of('abc')).toBe('kAFQmDzST7DWlj99KOF/cg==');
});

/** A library with two files, one in a folder, and a change made to it. */
const changed = (change: (root: string) => void): readonly string[] => {
  const root = testFolder();
  mkdirSync(join(root, 'album'));
  writeFileSync(join(root, 'a.mp3'), 'one');
  writeFileSync(join(root, 'album', 'b.mp3'), 'two');
  const before = snapshotLibrary(root);
  change(root);
  return differences(before, snapshotLibrary(root));
};

test('a library that was only read shows no difference', () => {
  expect(changed((root) => readFileSync(join(root, 'a.mp3')))).toEqual([]);
});

test.each<[string, (root: string) => void, RegExp]>([
  ['a new file', (root) => writeFileSync(join(root, 'album/c.mp3'), ''), /file "album\/c.mp3" is new/],
  ['a removed file', (root) => rmSync(join(root, 'a.mp3')), /file "a.mp3" is gone/],
  ['a renamed folder', (root) => renameSync(join(root, 'album'), join(root, 'x')), /"album\/b.mp3" is gone/],
  ['other bytes', (root) => writeFileSync(join(root, 'a.mp3'), 'ONE'), /"a.mp3": content was/],
  [
    'another time',
    (root) => utimesSync(join(root, 'a.mp3'), 1, 1),
    /"a.mp3": mtimeNs was \d+ and is 1000000000/,
  ],
  ['other rights', (root) => chmodSync(join(root, 'a.mp3'), 0o600), /"a.mp3": mode was/],
  ['a second name', (root) => linkSync(join(root, 'a.mp3'), join(testFolder(), 'x')), /"a.mp3": ctimeNs was/],
  [
    'a file that came and went',
    (root) => {
      writeFileSync(join(root, 'album', '.tmp'), '');
      rmSync(join(root, 'album', '.tmp'));
    },
    /folder "album": mtimeNs was/,
  ],
  [
    'a file replaced by its like',
    (root) => {
      const path = join(root, 'a.mp3');
      const { atime, mtime } = statSync(path);
      writeFileSync(join(root, 'copy'), 'one');
      utimesSync(join(root, 'copy'), atime, mtime);
      renameSync(join(root, 'copy'), path);
    },
    /"a.mp3": ino was/,
  ],
])('%s in a library is seen', (_, change, difference) => {
  expect(changed(change).join('\n')).toMatch(difference);
});

test('waiting ends with what is found, or says what was waited for and why not', async () => {
  let asked = 0;
  const found = await waitFor('the third time', () => {
    asked += 1;
    return asked === 3 ? 0 : undefined;
  });
  expect([found, asked]).toEqual([0, 3]);
  const failure = waitFor(
    'the impossible',
    () => {
      throw new Error('not today');
    },
    { timeoutMs: 30, everyMs: 5 },
  );
  await expect(failure).rejects.toMatchObject({
    message: 'Waited 30 ms in vain for this: the impossible',
    cause: { message: 'not today' },
  });
});

const script = (text: string): string => {
  const path = join(testFolder(), 'script.mjs');
  writeFileSync(path, text);
  return path;
};

test('a program is run with its arguments, input and environment, and its last line of JSON is read', async () => {
  process.env['LEDGERLINE_PASSWORD'] = 'of the person who runs the tests';
  onTestFinished(() => {
    delete process.env['LEDGERLINE_PASSWORD'];
  });
  const entry = script(`
    let input = '';
    for await (const text of process.stdin) input += text;
    console.error('to stderr');
    console.log('first');
    console.log(JSON.stringify({ args: process.argv.slice(2), input, password: process.env.LEDGERLINE_PASSWORD ?? null, own: process.env.OWN }));
    process.exitCode = 3;
  `);
  const result = await runCli(['sync', 'a b'], { entry, input: 'in', env: { OWN: 'yes' } });
  expect(result).toMatchObject({ code: 3, signal: null, stderr: 'to stderr\n' });
  expect(result.json).toEqual({ args: ['sync', 'a b'], input: 'in', password: null, own: 'yes' });
});

test('a last line that is no JSON is none', async () => {
  const entry = script(`console.log('{"a":1}'); console.log('{done}');`);
  expect((await runCli([], { entry })).json).toBeUndefined();
});

test('a running program is heard, and killed by its id', async () => {
  const entry = script(`console.log('listening on 4711'); setInterval(() => {}, 1000);`);
  const running = startCli([], { entry });
  expect((await running.says(/listening on (\d+)/))[1]).toBe('4711');
  expect(isAlive(running.pid)).toBe(true);
  expect(killProcess(running.pid)).toBe(true);
  expect(await running.done).toMatchObject({ code: null, signal: 'SIGKILL' });
  await waitForExit(running.pid);
  expect(killProcess(running.pid)).toBe(false);
  expect(running.kill()).toBe(false);
});

test('a program that ends without saying what was waited for is not waited for', async () => {
  const running = startCli([], { entry: script(`console.log('bye');`) });
  await expect(running.says(/hello/)).rejects.toThrow('ended without saying');
  expect(await running.done).toMatchObject({ code: 0 });
});

test('a program that does not end is killed after its time, and that fails', async () => {
  const running = startCli([], { entry: script(`setInterval(() => {}, 1000);`), timeoutMs: 300 });
  await expect(running.done).rejects.toThrow('Not done after 300 ms');
  await waitForExit(running.pid);
});
