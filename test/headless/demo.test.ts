import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline } from './support/ledgerline.ts';

test('the demo archives a library of four formats, sends nothing twice, and leaves nothing behind', async () => {
  const temp = testFolder('temp');
  const { runWith } = ledgerline();
  const result = await runWith({ env: { TMPDIR: temp } }, 'demo');
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('24 files of music (flac, mp3, wav, aiff;');
  expect(result.stdout).toMatch(/First run: 24 files archived/);
  expect(result.stdout).toMatch(/Second run: nothing sent; all 24 files were archived already/);
  expect(readdirSync(temp)).toEqual([]);
});

test('the demo can be kept to look at', async () => {
  const temp = testFolder('temp');
  const { runWith, run } = ledgerline();
  const result = await runWith({ env: { TMPDIR: temp } }, 'demo', '--keep');
  expect(result.code).toBe(0);
  const [folder = ''] = readdirSync(temp);
  const data = join(temp, folder, 'data');
  expect(result.stdout).toContain(`ledgerline status --data-dir ${data}`);
  expect((await run('status', '--json', '--data-dir', data)).json).toMatchObject({
    archives: [{ found: 24, archived: 24 }],
  });
});
