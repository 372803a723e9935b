import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { damageTables } from '../kit/damage.ts';
import { type Ledgerline, ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf } from './support/music.ts';

const MB = 1024 * 1024;
const FILES = 3;

interface World extends Ledgerline {
  readonly library: string;
  readonly ledger: string;
}

/** A library that is archived, and a ledger so large that nobody looks through all of it at a start. */
const largeLedger = async (): Promise<World> => {
  const line = ledgerline();
  const library = libraryOf(FILES);
  expect((await line.run('sync', library)).code).toBe(0);
  const ledger = join(line.dataFolder, 'ledger.db');
  const db = new Database(ledger);
  const pad = db.prepare(
    "INSERT INTO content (sha256, byte_size, md5, tags) VALUES (randomblob(32), 1, x'00', ?)",
  );
  db.transaction(() => {
    for (let i = 0; i < 70; i += 1) pad.run('{}'.padEnd(MB));
  })();
  db.close();
  expect(statSync(ledger).size).toBeGreaterThan(64 * MB);
  return { ...line, library, ledger };
};

/** What a person and a program are told by a command. */
const told = async (world: World, ...argv: readonly string[]) => {
  const { code, json, stdout, stderr } = await world.run(...argv, '--json');
  return {
    command: argv[0],
    code,
    json,
    isInWords: stderr.startsWith(`The ledger ${world.ledger} is damaged. The next run puts it aside`),
    isRaw: /should not have|malformed|SQLITE|Error:/i.test(stdout + stderr),
  };
};

const damaged = (command: string | undefined) => ({
  command,
  code: 1,
  json: expect.objectContaining({
    error: expect.objectContaining({ code: 'ledger_damaged' }) as unknown,
    exit_code: 1,
  }) as unknown,
  isInWords: true,
  isRaw: false,
});

const expectRebuilt = async ({ run, library, ledger, dataFolder }: World): Promise<void> => {
  const sync = await run('sync', library, '--json');
  expect(sync.stderr).toContain('The ledger was damaged and was put aside');
  expect(summaryIn(sync)).toMatchObject({ already_archived: FILES, puts: 0, exit_code: 0 });
  expect(readdirSync(dataFolder).filter((name) => name.includes('.corrupt-')).length).toBeGreaterThan(0);
  expect(existsSync(`${ledger}.damaged`)).toBe(false);
  expect((await run('status')).stdout).toContain(`${FILES} of ${FILES} files archived`);
};

describe('a large ledger with damaged pages', () => {
  test('among its files is told as such by every command, and built anew by the next run', async () => {
    const world = await largeLedger();
    const { ledger, library } = world;
    damageTables(ledger, ['track', 'content', 'holding', 'tally']);
    const commands = [['status'], ['list', '--state', 'archived'], ['retry'], ['forget', library, '--yes']];
    for (const argv of [...commands, ['sync', library, '--dry-run'], ['sync', library]]) {
      // Each of them is to find it out for itself.
      rmSync(`${ledger}.damaged`, { force: true });
      expect(await told(world, ...argv)).toEqual(damaged(argv[0]));
    }
    // Known now: nobody tells or changes what may be read still.
    expect(await told(world, 'list', '--state', 'skipped')).toEqual(damaged('list'));
    await expectRebuilt(world);
  });

  test('among its libraries ends a run before it begins', async () => {
    const world = await largeLedger();
    damageTables(world.ledger, ['library', 'folder']);
    expect(await told(world, 'sync', world.library)).toEqual(damaged('sync'));
  });
});

test('a small damaged ledger is put aside by nobody but a run', async () => {
  const line = ledgerline();
  const library = libraryOf(FILES);
  const ledger = join(line.dataFolder, 'ledger.db');
  await line.run('sync', library);
  damageTables(ledger, ['holding']);
  const world = { ...line, library, ledger };
  expect(await told(world, 'retry')).toEqual(damaged('retry'));
  rmSync(`${ledger}.damaged`, { force: true });
  expect(await told(world, 'sync', library, '--dry-run')).toEqual(damaged('sync'));
  await expectRebuilt(world);
});

test('what was excluded stays so when the ledger is damaged; where that cannot be read, it is said', async () => {
  const line = ledgerline();
  const library = libraryOf(FILES);
  const ledger = join(line.dataFolder, 'ledger.db');
  await line.run('sync', library);
  await line.run('settings', '--exclude', '*.mp3');
  damageTables(ledger, ['track']);
  const kept = await line.run('sync', library, '--json');
  expect(kept.stderr.replaceAll(/\s+/g, ' ')).toContain(
    'Your folders and settings, also what you exclude, were taken over.',
  );
  expect(summaryIn(kept)).toMatchObject({ found: FILES - 1, puts: 0 });

  damageTables(ledger, ['setting']);
  const lost = await line.run('sync', library, '--json');
  expect(lost.stderr.replaceAll(/\s+/g, ' ')).toContain(
    'These settings could not be read from it and are as in the beginning: what you exclude,',
  );
  expect(summaryIn(lost)).toMatchObject({ found: FILES, already_archived: FILES, puts: 0 });
});
