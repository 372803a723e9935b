import Database from 'better-sqlite3';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { KillPoint } from '../../src-main/engine/kill-points.ts';
import { runCli, type CliResult } from '../kit/cli.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { RAILS_MODERATOR, startRailsArchive } from '../stand-ins/rails-archive.ts';
import { eligibleFiles } from '../tools/checker/library.ts';
import { ledgerOf, makeWorld, type World } from './support/world.ts';

const FILES = 60;
const folder = makeTempFolder('killed-rails');
afterAll(() => removeFolder(folder));

/** Those that this archive makes dangerous: it makes a song for every create, and forgets nothing that was torn. */
const LIVES: readonly (readonly [KillPoint, number])[] = [
  ['ticket_answered', 4],
  ['put_half', 4],
  ['put_answered', 5],
  ['put_committed', 3],
  ['record_intended', 6],
  ['record_sent', 4],
  ['record_answered', 5],
  ['record_committed', 3],
];

const sync = (world: World, url: string, crashAt = ''): Promise<CliResult> => {
  const options = ['--url', url, '--username', RAILS_MODERATOR.email, '--data-dir', world.client];
  return runCli(['sync', world.library, ...options, '--concurrent', '4', '--json'], {
    env: {
      LEDGERLINE_PASSWORD: RAILS_MODERATOR.password,
      LEDGERLINE_CRASH_AT: crashAt,
      // For a quarter of an hour: nobody here works on after the line is cut.
      LEDGERLINE_TEST_SETTLED_MS: '1000',
    },
  });
};

test(
  'the client is killed at every point of the way to a Rails archive, and no song is there twice',
  { timeout: 120_000 },
  async () => {
    const world = await makeWorld(folder, { files: FILES, size: 6_000 });
    const archive = await startRailsArchive();
    onTestFinished(() => archive.stop());
    for (const [point, nth] of LIVES) {
      const { signal, stderr } = await sync(world, archive.origin, `${point}:${nth}`);
      expect({ point, signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
    }
    const done = await sync(world, archive.origin);
    expect({ code: done.code, stderr: done.code === 0 ? '' : done.stderr }).toEqual({ code: 0, stderr: '' });
    const puts = archive.counts().put;
    expect((await sync(world, archive.origin)).json).toMatchObject({
      found: FILES,
      already_archived: FILES,
      puts: 0,
    });

    const onDisk = eligibleFiles(world.before).map(({ content }) => content);
    const songs = archive.songs();
    expect(songs.length).toBe(FILES);
    expect(new Set(songs.map(({ blob }) => blob.stored?.sha256))).toEqual(new Set(onDisk));
    expect(songs.filter(({ blob }) => blob.stored?.torn !== false)).toEqual([]);
    // A death can cost the bytes under way, and no others.
    expect(archive.counts().put).toBe(puts);
    expect(puts).toBeLessThanOrEqual(FILES + LIVES.length * 4);
    expect(songsInLedger(world)).toEqual(songs.map(({ id }) => id).toSorted((a, b) => a - b));
  },
);

const songsInLedger = (world: World): readonly number[] => {
  const db = new Database(ledgerOf(world), { readonly: true });
  try {
    return db
      .prepare<[], { id: number }>(
        "SELECT song_id AS id FROM holding WHERE state = 'archived' ORDER BY song_id",
      )
      .all()
      .map(({ id }) => id);
  } finally {
    db.close();
  }
};
