import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recheckText } from '../../src-main/headless/commands/recheck-text.ts';
import { formatsFor } from '../../shared/formats.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf } from './support/music.ts';

const objectsOf = (dataFolder: string): readonly string[] =>
  readdirSync(join(dataFolder, 'archive', 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('a file that was lost by the archive is found by verify and comes back with sync --recheck', async () => {
  const library = libraryOf(3);
  const { run, dataFolder } = ledgerline();
  await run('sync', library);
  unlinkSync(objectsOf(dataFolder)[0] ?? '');
  const at = ['--data-dir', join(dataFolder, 'archive')];
  const damaged = await run('server', 'verify', ...at);
  expect(damaged.code).toBe(1);
  expect(damaged.stdout).toMatch(
    /^song \d .*: its file is missing\nIn .*: 3 songs, 1 damaged\.\n.*--read-bytes.*\n.*--recheck/,
  );

  const again = await run('sync', library, '--recheck', '--json');
  expect(summaryIn(again)).toMatchObject({
    found: 3,
    archived: 1,
    already_archived: 2,
    puts: 1,
    recheck: { asked: 3, lost: 1, complete: true },
  });
  expect(again.stderr).toContain('The archive was asked again for 3 different files and had lost 1 of them.');
  expect(again.code).toBe(0);
  const well = await run('server', 'verify', '--read-bytes', ...at);
  expect(well).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^In .*: 3 songs, 0 damaged\.\n$/) as unknown,
  });

  const third = await run('sync', library, '--recheck');
  expect(third.stdout).toContain('The archive was asked again for 3 different files and has them.');
});

describe('of asking again a person is told', () => {
  const text = (recheck: Parameters<typeof recheckText>[0], wished: boolean): string =>
    recheckText(recheck, wished, formatsFor()) ?? 'nothing';

  test.each([
    [undefined, false, /^nothing$/],
    [undefined, true, /cannot tell what it has/],
    [{ asked: 0, lost: 0, complete: true }, false, /^nothing$/],
    [{ asked: 0, lost: 0, complete: false }, false, /^nothing$/],
    [{ asked: 1, lost: 0, complete: true }, false, /for 1 file and has it\.$/],
    [{ asked: 2, lost: 2, complete: true }, true, /for 2 different files and had lost 2 of them\.$/],
    [{ asked: 0, lost: 0, complete: false }, true, /^It was not asked for everything\. What/],
    [
      { asked: 9, lost: 0, complete: false, trouble: 'It is ill.' },
      false,
      /has them\.\n.*everything: It is ill\. What/,
    ],
  ] as const)('%j (wished: %s)', (recheck, wished, words) => {
    expect(text(recheck, wished)).toMatch(words);
  });
});
