import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { differences, snapshotLibrary } from '../kit/library-snapshot.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

const leftInTemp = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('ledgerline-look-'));

describe('a look before a run', () => {
  test('tells what would be done, and leaves neither ledger nor anything else behind', async () => {
    const library = libraryOf(8);
    put(library, 'noise.mp3', 'x'.repeat(5000));
    put(library, 'empty.flac', '');
    put(library, 'wrong.flac', music('mp3', 50));
    put(library, 'cover.jpg', 'x');
    put(library, 'notes.txt', 'x');
    const before = snapshotLibrary(library);
    const temp = testFolder('temp');
    const { runWith, dataFolder } = ledgerline();

    const result = await runWith({ env: { TMPDIR: temp } }, 'sync', library, '--dry-run', '--line', '20mbit');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('8 files of music');
    expect(result.stdout).toContain('8 to be archived');
    for (const format of ['mp3', 'flac', 'wav', 'aiff'])
      expect(result.stdout).toMatch(new RegExp(`^ +${format}: 2 files, `, 'm'));
    expect(result.stdout).toContain('The name says audio but the bytes are none that we know.');
    expect(result.stdout).toContain('The file is empty.');
    expect(result.stdout).toContain('Give it the right extension.');
    expect(result.stdout).toMatch(/2 files \(jpg 1, txt 1\)/);
    expect(result.stdout).toMatch(/5 at once +10 at once +20 at once/);
    expect(result.stdout).toMatch(/20 Mbit\/s \(2\.5 MB\/s\) +1 min +1 min +1 min\n/);
    expect(result.stdout).not.toContain('night');
    expect(existsSync(dataFolder)).toBe(false);
    expect(readdirSync(temp)).toEqual([]);
    expect(differences(before, snapshotLibrary(library))).toEqual([]);
  });

  test('foretells the run, and knows afterwards what is archived', async () => {
    const library = libraryOf(8);
    put(library, 'noise.mp3', 'x'.repeat(5000));
    const { run } = ledgerline();
    const foretold = summaryInDryRun(await run('sync', library, '--dry-run', '--json'));
    expect(foretold).toMatchObject({ found: 9, waiting: 8, skipped: 1, already_archived: 0, puts: 0 });

    const done = summaryIn(await run('sync', library, '--json'));
    expect(done).toMatchObject({
      found: foretold.found,
      archived: foretold.waiting,
      skipped: foretold.skipped,
    });
    expect(done.bytes_sent).toBe(foretold['bytes_waiting']);

    put(library, 'new.mp3', music('mp3', 60));
    const after = summaryInDryRun(await run('sync', library, '--dry-run', '--json'));
    expect(after).toMatchObject({ found: 10, already_archived: 8, waiting: 1, skipped: 1 });
    const status = await run('status', '--json');
    expect(status.json).toMatchObject({ archives: [{ found: 9, waiting: 0 }] });
    expect(leftInTemp(tmpdir())).toEqual([]);

    // Of another archive this ledger knows nothing.
    const elsewhere = await run('sync', library, '--dry-run', '--json', '--url', 'http://archive.invalid');
    expect(summaryInDryRun(elsewhere)).toMatchObject({ already_archived: 0, waiting: 9, skipped: 1 });
  });
});

const summaryInDryRun = (result: Awaited<ReturnType<ReturnType<typeof ledgerline>['run']>>) =>
  summaryIn({ ...result, json: { ...(result.json as object), seconds: 0 } });
