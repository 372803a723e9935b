import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataFolderWords } from '../../src-main/shell/usable-data-folder.ts';
import { nothingIsForbidden } from '../kit/lesser-root.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline } from './support/ledgerline.ts';
import { libraryOf, put } from './support/music.ts';

describe('a data folder that cannot be used ends with 2 and words', () => {
  test('where it is a file, or in one', async () => {
    const folder = testFolder('data');
    put(folder, 'file', 'x');
    const library = libraryOf(1);
    const { run } = ledgerline();
    for (const data of [join(folder, 'file'), join(folder, 'file', 'below')])
      for (const argv of [
        ['sync', library],
        ['server', '--port', '0'],
      ]) {
        const result = await run(...argv, '--data-dir', data);
        expect({ argv, code: result.code }).toEqual({ argv, code: 2 });
        expect(result.stderr).toBe(
          `${join(folder, 'file')} is no folder. Choose another folder with --data-dir.\n`,
        );
      }
    const users = await run('server', 'user', 'list', '--data-dir', join(folder, 'file'));
    expect(users).toMatchObject({ code: 2, stderr: `There is no archive in ${join(folder, 'file')}.\n` });
    const status = await run('status', '--data-dir', join(folder, 'file'));
    expect(status.code).toBe(2);
    expect(status.stderr).toBe(
      `${join(folder, 'file')} is no folder. Choose another folder with --data-dir.\n`,
    );
  });

  test('where the system takes no new folders', async (context) => {
    context.skip(process.platform !== 'linux', 'there is no /proc');
    const library = libraryOf(1);
    const { runWith } = ledgerline();
    for (const data of ['/proc/ledgerline', '/proc/ledgerline/below']) {
      const result = await runWith({ timeoutMs: 30_000 }, 'sync', library, '--data-dir', data);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(
        /^[^\n]*\/proc\/ledgerline[^\n]* Choose another folder with --data-dir[^\n]*\n$/,
      );
    }
  });

  test('where we may not write, or not even look', async (context) => {
    const why = nothingIsForbidden();
    context.skip(why !== false, why || undefined);
    const folder = testFolder('data');
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    const library = libraryOf(1);
    const { runWith } = ledgerline();
    const run = (...argv: readonly string[]) => runWith({ bound: true }, ...argv);
    try {
      chmodSync(closed, 0o500);
      const sync = await run('sync', library, '--data-dir', join(closed, 'data'));
      expect(sync.code).toBe(2);
      expect(sync.stderr).toMatch(/^Ledgerline may not write in .*--data-dir, or allow/);
      expect((await run('server', '--data-dir', closed)).code).toBe(2);
      chmodSync(closed, 0);
      const users = await run('server', 'user', 'list', '--data-dir', join(folder, 'file'));
      expect(users).toMatchObject({ code: 2, stderr: `There is no archive in ${join(folder, 'file')}.\n` });
      const status = await run('status', '--data-dir', closed);
      expect(status.code).toBe(2);
      expect(status.stderr).toMatch(/^Ledgerline may not read /);
    } finally {
      chmodSync(closed, 0o700);
    }
  });

  test.each([
    ['EACCES', /may not write in \/data\. Choose another folder with --data-dir, or allow/],
    ['EROFS', /can only be read/],
    ['ENOSPC', /cannot write in \/data \(ENOSPC\)/],
  ])('%s is told in words', (code, words) => {
    expect(dataFolderWords('/data', 'write in', code)).toMatch(words);
  });
});
