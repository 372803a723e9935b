import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callsOf, openTestHost, refOf, sees } from '../kit/host.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf, music, put } from './support/music.ts';

test('an archive on this computer is one and the same for the page and the command line, wherever it lies', async () => {
  const library = libraryOf(2);
  const root = testFolder('disks');
  mkdirSync(join(root, 'disk'));
  const { run, dataFolder } = ledgerline();
  const host = await openTestHost({ roots: [root, library], dataFolder });
  await host.calls.addLibrary(await refOf(callsOf(host), library));
  await host.calls.useArchiveHere(await refOf(callsOf(host), root, 'disk'));
  await host.calls.start(null);
  await sees(host, 'all is archived', ({ standing }) => standing.archived === 2);
  await host.close();

  put(library, 'new.mp3', music('mp3', 99));
  const look = (await run('sync', library, '--dry-run', '--json')).json;
  expect(look).toMatchObject({ found: 3, already_archived: 2, waiting: 1 });
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({ archived: 1, already_archived: 2 });
  expect(existsSync(join(dataFolder, 'archive'))).toBe(false);

  const archive = join(root, 'disk', 'Ledgerline archive');
  renameSync(archive, `${archive} away`);
  const away = await run('sync', library);
  expect(away).toMatchObject({ code: 4, stderr: expect.stringMatching(/archive is not at/) });
  expect([existsSync(archive), existsSync(join(dataFolder, 'archive'))]).toEqual([false, false]);
  expect((await run('sync', join(root, 'disk'))).code).toBe(2);
});
