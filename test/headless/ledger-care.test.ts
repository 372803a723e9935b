import { chmodSync, cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { differences, snapshotLibrary } from '../kit/library-snapshot.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

describe('status', () => {
  test('says that there is nothing yet, and makes nothing', async () => {
    const { run, dataFolder } = ledgerline();
    const result = await run('status');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('"ledgerline sync ~/Music" begins');
    expect((await run('status', '--json')).json).toEqual({
      data_folder: dataFolder,
      at_work: null,
      missing: 0,
      libraries: [],
      archives: [],
      pause: null,
      night: null,
      pace: null,
      last_run: null,
    });
    expect(existsSync(dataFolder)).toBe(false);
  });

  test('tells libraries, archive and last run; list tells what is missing', async () => {
    const [one, other] = [libraryOf(3), libraryOf(2)];
    put(other, 'empty.mp3', '');
    const { run, dataFolder } = ledgerline();
    await run('sync', one, other);
    rmSync(join(one, 'Album 0', '000 Söng.mp3'));
    expect(summaryIn(await run('sync', one, '--json'))).toMatchObject({ found: 2, missing: 1 });
    const again = await run('sync', one);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/ 2 archived already\n1 file that was there before is not there now; /);
    expect((await run('sync', one, '--dry-run', '--json')).json).toMatchObject({ found: 2, missing: 1 });
    const { stdout } = await run('status');
    expect(stdout).toContain('Nobody is at work now.');
    expect(stdout).toContain(`Archive ${join(dataFolder, 'archive')}`);
    expect(stdout).toContain('4 of 4 files archived');
    expect(stdout).toContain('1 file that was there before is missing');
    expect(stdout).toContain('list --state missing');
    expect((await run('status', '--json')).json).toMatchObject({
      libraries: [
        { path: one, missing: 1 },
        { path: other, missing: 0 },
      ],
      archives: [{ found: 5, archived: 4, skipped: 1, failed: 0, waiting: 0 }],
      last_run: { puts: 0 },
    });
    const missing = await run('list', '--state', 'missing');
    expect(missing.stdout).toContain('000 Söng.mp3');
    const archived = await run('list', '--state', 'archived', '--limit', '2');
    expect(archived.stdout).toContain('These are the first 2 files');
  });

  test('counts a library that was moved once, and says that its old place is gone', async () => {
    const parent = testFolder('moved');
    const [before, after] = [join(parent, 'before'), join(parent, 'after')];
    cpSync(libraryOf(5), before, { recursive: true });
    put(before, 'empty.mp3', '');
    const { run } = ledgerline();
    await run('sync', before);
    renameSync(before, after);
    put(after, 'one more.mp3', music('mp3', 77));
    expect(summaryIn(await run('sync', after, '--json'))).toMatchObject({ found: 7, puts: 1, missing: 0 });

    const json = (await run('status', '--json')).json;
    expect(json).toMatchObject({
      missing: 0,
      libraries: [
        { path: before, unreachable: 'root_missing', counted_elsewhere: 6 },
        { path: after, unreachable: null, counted_elsewhere: 0 },
      ],
      archives: [{ found: 7, archived: 6, skipped: 1, libraries: [{ found: 0 }, { found: 7 }] }],
    });
    const { stdout } = await run('status');
    expect(stdout).toContain('  6 of 6 files archived');
    expect(stdout).toContain('The music folder is not there.');
    expect(stdout).toContain(`6 files of it are in another library too`);
    expect((await run('forget', before, '--yes')).code).toBe(0);
    expect((await run('status')).stdout).not.toContain(before);
  });

  test('goes on counting a library whose disk is away, and nothing else is like it', async () => {
    const [here, away] = [libraryOf(2), testFolder('away')];
    put(away, 'a.mp3', music('mp3', 55));
    const { run } = ledgerline();
    await run('sync', here, away);
    rmSync(join(away, 'a.mp3'));
    // As at the place of a disk that is not mounted.
    put(away, 'lost+found/nothing', '');
    expect((await run('status', '--json')).json).toMatchObject({
      libraries: [{ unreachable: null }, { unreachable: 'root_empty', counted_elsewhere: 0 }],
      archives: [{ archived: 3 }],
    });
  });

  test('leaves a ledger of a newer Ledgerline alone', async () => {
    const library = libraryOf(1);
    const { run, dataFolder } = ledgerline();
    await run('sync', library);
    const db = new Database(join(dataFolder, 'ledger.db'));
    db.pragma('user_version = 999');
    db.close();
    for (const argv of [
      ['status'],
      ['list', '--state', 'failed'],
      ['sync', library],
      ['sync', library, '--dry-run'],
    ]) {
      const result = await run(...argv);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain('newer Ledgerline');
    }
  });
});

describe('a hint', () => {
  test('names what can be typed: how the program was started, and the ledger that is worked with', async () => {
    const { run, runWith } = ledgerline();
    const [folder, npm] = [
      `${testFolder('elsewhere')}/it's here`,
      { env: { LEDGERLINE_TYPED_AS: 'npm start --' } },
    ];
    const shown = `'${folder.replace("'", `'\\''`)}'`;
    expect((await run('status', '--data-dir', folder)).stdout).toContain(
      `"ledgerline sync ~/Music --data-dir ${shown}" begins`,
    );
    expect((await runWith(npm, 'status', '--data-dir', folder)).stdout).toContain(
      `"npm start -- sync ~/Music --data-dir ${shown}" begins`,
    );
    expect((await runWith(npm, 'status', 'now')).stderr).toContain('see "npm start -- status --help"');
    expect((await runWith(npm, 'help')).stdout).toContain('  npm start -- retry ');
    expect((await run('help')).stdout).not.toContain('npm');
  });
});

describe('forget', () => {
  test('takes a library out of the ledger and nothing else', async () => {
    const library = libraryOf(4);
    const before = snapshotLibrary(library);
    const { run } = ledgerline();
    await run('sync', library);
    const unasked = await run('forget', library);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain('--yes');
    const result = await run('forget', library, '--yes', '--json');
    expect(result.code).toBe(0);
    expect(result.json).toEqual({ forgotten: library, done: true });
    expect((await run('status', '--json')).json).toMatchObject({ libraries: [] });
    expect(differences(before, snapshotLibrary(library))).toEqual([]);
    expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({ already_archived: 4, puts: 0 });
  });

  test('ends a run that watches when nothing is left to watch', async () => {
    const [one, other] = [libraryOf(1), libraryOf(2)];
    const { run, start } = ledgerline();
    const watching = start('sync', one, other, '--watch', '--verbose');
    await watching.says(/(Söng[^]*){2}/, { timeoutMs: 60_000 });
    expect((await run('forget', one, '--yes')).stdout).toContain('it was told to forget');
    expect((await run('forget', other, '--yes', '--json')).json).toEqual({ forgotten: other, done: false });
    const result = await watching.done;
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('Nothing is left to archive or to watch');
    expect(result.stdout).toContain(`${other} was forgotten meanwhile`);
  });

  test('knows a library whose folder is gone', async () => {
    const library = libraryOf(1);
    const { run } = ledgerline();
    await run('sync', library);
    rmSync(join(library, 'Album 0'), { recursive: true });
    chmodSync(library, 0o700);
    expect((await run('forget', `${library}/../${library.split('/').at(-1) ?? ''}/`, '--yes')).code).toBe(0);
  });
});

describe('what failed', () => {
  test('is listed with its reason, grouped at the end of a run, and tried again when asked', async () => {
    const library = libraryOf(2);
    put(library, 'refused.mp3', music('mp3', 99));
    const { run, dataFolder } = ledgerline();
    await run('sync', library);
    // As after an archive that did not want it.
    const db = new Database(join(dataFolder, 'ledger.db'));
    db.prepare(
      `UPDATE holding SET state = 'failed', song_id = NULL, failure_class = 'refused', failure_code = 'unsupported_audio',
         failure_message = 'The archive takes no such audio.' WHERE content_id = (SELECT max(id) FROM content)`,
    ).run();
    db.close();

    const again = await run('sync', library);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(
      /Not archived:\n {2}1 file: The archive takes no such audio\. .*"ledgerline retry"/,
    );
    expect(again.stdout).toContain('All of them: ledgerline list --state failed');
    expect(again.stdout).toMatch(
      /Done in [^\n]*1 file of 3 could not be archived yet\.\n +2 archived already\n +1 failed\n$/,
    );
    const json = await run('sync', library, '--json');
    expect(summaryIn(json)).toMatchObject({
      failed: 1,
      exit_code: 1,
      reasons: [{ state: 'failed', code: 'unsupported_audio', tracks: 1 }],
    });
    const list = await run('list', '--state', 'failed', '--json');
    expect(list.json).toMatchObject({
      state: 'failed',
      code: 'unsupported_audio',
      class: 'refused',
      sentence: 'The archive takes no such audio.',
    });

    expect((await run('retry', '--class', 'person')).stdout).toContain('Nothing had failed');
    const { path: failed } = list.json as { path: string };
    const track = (path: string): readonly string[] => ['retry', '--track', path, '--json'];
    const other = failed.endsWith('refused.mp3') ? 'Album 0/001 Söng.flac' : 'refused.mp3';
    expect((await run(...track(join(library, other)))).json).toEqual({ to_try_again: 0, done: true });
    expect(await run(...track(join(library, 'nowhere.mp3')))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no file that this ledger knows') as unknown,
    });
    expect((await run(...track(failed))).json).toEqual({ to_try_again: 1, done: true });
    expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({
      failed: 0,
      exit_code: 0,
      found: 3,
    });
  });
});

test('a fault of ours is told in one line, and at length to those who ask', async () => {
  const library = libraryOf(1);
  const { run, runWith, dataFolder } = ledgerline();
  await run('sync', library);
  writeFileSync(join(dataFolder, 'archive', 'keys.json'), 'broken');
  rmSync(join(dataFolder, 'owner.db'));
  const result = await run('sync', library, '--concurrent', '1');
  expect(result.stdout + result.stderr).not.toMatch(/\n {4}at /);
  const debug = await runWith({ env: { LEDGERLINE_DEBUG: '1' } }, 'sync', library);
  expect(debug.code).toBe(result.code);
});
