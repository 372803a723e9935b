import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../kit/test-folder.ts';
import { nothingIsForbidden } from '../kit/lesser-root.ts';
import { ledgerline, summaryIn, type Ledgerline } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

/** As after runs in which a folder could not be looked into: nothing is forbidden to root, who may run these tests. */
const shutAFolder = ({ dataFolder }: Ledgerline): void => {
  const db = new Database(join(dataFolder, 'ledger.db'));
  db.exec(
    `UPDATE track SET state = 'failed', reason = 'folder_unreadable', detail = 'EACCES', content_id = NULL WHERE id = (SELECT max(id) FROM track)`,
  );
  db.close();
};

describe('a folder that could not be looked into', () => {
  test('is told as a folder, and needs no retry', async () => {
    const library = libraryOf(3);
    const program = ledgerline();
    const { run } = program;
    await run('sync', library);
    shutAFolder(program);

    const { stdout } = await run('status');
    expect(stdout).toContain('  2 of 2 files archived');
    expect(stdout).toContain('1 folder could not be looked into; what is in it is not counted.');
    expect(stdout).not.toContain(' failed (');
    expect((await run('status', '--json')).json).toMatchObject({
      archives: [{ found: 3, archived: 2, failed: 1 }],
    });
    const list = (await run('list', '--state', 'failed')).stdout;
    expect(list).toMatch(/ {2}folder\n {4}We cannot look into this folder/);
    expect(list).toMatch(/\n1 folder failed\.\n$/);
    const retry = (await run('retry')).stdout;
    expect(retry).toMatch(/^No file had failed in /);
    expect(retry).toContain(
      '1 folder that could not be looked into is looked into again at every start anyway.',
    );
  });

  test('is told at the end of a run', async (context) => {
    const why = nothingIsForbidden();
    context.skip(why !== false, why || undefined);
    const library = libraryOf(11);
    const { runWith } = ledgerline();
    const shut = join(library, 'Album 1');
    chmodSync(shut, 0);
    try {
      const { stdout, code } = await runWith({ bound: true }, 'sync', library);
      expect(code).toBe(1);
      expect(stdout).toContain('1 folder: We cannot look into this folder');
      expect(stdout).toMatch(/1 folder could not be looked into; what is in it is not counted\.\n/);
      expect(stdout).toMatch(/ 1 folder that could not be looked into\n/);
      expect(stdout).not.toMatch(/\d failed/);
    } finally {
      chmodSync(shut, 0o700);
    }
  });
});

describe('list', () => {
  test('without a ledger says that there is none', async () => {
    const { run, dataFolder } = ledgerline();
    const result = await run('list', '--state', 'failed');
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`There is no ledger in ${dataFolder} yet`);
  });

  test('as JSON has names with which the files can be opened', async () => {
    const library = testFolder('library');
    const names = ['a\nb.mp3', 'back\\slash \\u{a}.mp3', 'turned \u202e around \u009b.mp3', '森.mp3'];
    names.forEach((name, i) => put(library, name, music('mp3', i + 1)));
    const noText = Buffer.concat([
      Buffer.from(`${library}/no \\xe9 text `),
      Buffer.from([0xe9]),
      Buffer.from('.mp3'),
    ]);
    writeFileSync(noText, music('mp3', 50));
    const { run } = ledgerline();
    await run('sync', library);
    const { stdout } = await run('list', '--state', 'archived', '--json');
    // Nothing of it is obeyed by a terminal.
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly path: string; readonly path_base64?: string });
    const texts = listed.filter(({ path_base64 }) => path_base64 === undefined).map(({ path }) => path);
    expect(texts.toSorted()).toEqual(names.map((name) => join(library, name)).toSorted());
    for (const path of texts) expect(existsSync(path)).toBe(true);
    const bytes = listed.flatMap(({ path_base64 }) => (path_base64 === undefined ? [] : [path_base64]));
    expect(bytes).toEqual([noText.toString('base64')]);
  });
});

test('equal files are told as equal in the run that sends one of them, and as archived afterwards', async () => {
  const library = libraryOf(2);
  put(library, 'twin.mp3', music('mp3', 1));
  const { run } = ledgerline();
  const dry = await run('sync', library, '--dry-run');
  expect(dry.stdout).toMatch(/at most \S+ \S+ are needed/);
  expect((await run('sync', library)).stdout).toContain(
    '1 archived already, or equal to another file, which is sent once\n',
  );
  expect((await run('sync', library)).stdout).toContain('3 archived already\n');
});

test('an archive that never took anything is left out of status beside one that did', async () => {
  const library = libraryOf(2);
  const { run, dataFolder } = ledgerline();
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({ archived: 2 });
  const db = new Database(join(dataFolder, 'ledger.db'));
  db.exec(
    `INSERT INTO archive (identity, url, added_at) VALUES ('ledgerline:x:3', 'https://archive.example', 1), ('ledgerline:x:4', 'https://other.example', 1);
     INSERT INTO run (archive_id, started_at, puts) SELECT id, 1, 1 FROM archive WHERE identity = 'ledgerline:x:4';`,
  );
  db.close();
  const headings = (await run('status')).stdout.split('\n').filter((line) => line.startsWith('Archive '));
  // The one that was worked with last comes first.
  expect(headings).toEqual(['Archive https://other.example', `Archive ${join(dataFolder, 'archive')}`]);
  expect((await run('status', '--json')).json).toMatchObject({ archives: [{}, {}, {}] });
});
