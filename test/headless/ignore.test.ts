import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

test('what failed is left out when asked to, until it is retried or changes', async () => {
  const library = libraryOf(1);
  put(library, 'refused.mp3', music('mp3', 99));
  put(library, 'unreadable.mp3', music('mp3', 100));
  const { run, dataFolder } = ledgerline();
  expect((await run('ignore', '--all')).stderr).toContain('nothing to leave out');
  await run('sync', library);
  /** As after an archive that did not want the one, and a disk that did not give out the other. */
  const fail = (): void => {
    const db = new Database(join(dataFolder, 'ledger.db'));
    db.exec(
      `UPDATE holding SET state = 'failed', song_id = NULL, failure_class = 'refused', failure_code = 'unsupported_audio',
         failure_message = 'The archive takes no such audio.' WHERE content_id = (SELECT content_id FROM track WHERE name = CAST('refused.mp3' AS BLOB));
       UPDATE track SET state = 'failed', reason = 'read_error', content_id = NULL WHERE name = CAST('unreadable.mp3' AS BLOB)`,
    );
    db.close();
  };
  fail();
  for (const wrong of [[], ['--all', '--class', 'refused'], ['--class', 'some']])
    expect((await run('ignore', ...wrong)).code).toBe(2);
  expect((await run('ignore', '--class', 'person')).stdout).toContain('Nothing has failed so');
  expect((await run('ignore', '--code', 'unsupported_audio', '--json')).json).toEqual({
    left_out: 1,
    done: true,
  });
  expect((await run('ignore', '--all')).stdout).toMatch(/1 file that had failed is left out.*skipped/);
  expect((await run('status', '--json')).json).toMatchObject({
    archives: [{ found: 3, archived: 1, failed: 0, skipped: 2, waiting: 0 }],
  });

  // A new run tries neither again, and says that both are left out and why.
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({
    found: 3,
    already_archived: 1,
    failed: 0,
    skipped: 2,
    puts: 0,
    exit_code: 0,
    reasons: expect.arrayContaining([
      expect.objectContaining({
        state: 'skipped',
        code: 'unsupported_audio',
        tracks: 1,
        sentence: 'You left this out after it had failed: The archive takes no such audio.',
      }),
      expect.objectContaining({ state: 'skipped', code: 'read_error', tracks: 1 }),
    ]),
  });
  const listed = (await run('list', '--state', 'skipped')).stdout;
  expect(listed).toMatch(/refused\.mp3 .*\n +You left this out after it had failed: The archive takes no/);
  expect(listed).toMatch(/unreadable\.mp3 .*\n +You left this out after it had failed: The disk could not/);
  expect(listed).toContain('2 files skipped.');
  expect((await run('list', '--state', 'failed')).stdout).toBe('No file has failed.\n');

  // The one is changed, the other taken back.
  put(library, 'unreadable.mp3', music('mp3', 101));
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({ archived: 1, skipped: 1 });
  expect((await run('retry', '--code', 'read_error', '--json')).json).toMatchObject({ to_try_again: 0 });
  expect((await run('retry', '--code', 'unsupported_audio', '--json')).json).toMatchObject({
    to_try_again: 1,
  });
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({ found: 3, skipped: 0, failed: 0 });
});
