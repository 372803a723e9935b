import {
  cpSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cleanUp,
  finishSync,
  ledgerOf,
  makeWorld,
  PASSWORD,
  startServer,
  verdictOn,
  type World,
  worldIn,
} from '../../faults/support/world.ts';
import { runCli } from '../../kit/cli.ts';
import { sha256OfFile } from '../../kit/hash.ts';
import { snapshotLibrary } from '../../kit/library-snapshot.ts';
import { makeTempFolder, removeFolder } from '../../kit/temp-folder.ts';
import { testFolder } from '../../kit/test-folder.ts';
import type { Rule, Verdict } from './verdict.ts';

const FILES = 14;
const folder = makeTempFolder('checker');
let original: World;

beforeAll(async () => {
  const world = await makeWorld(folder, { files: FILES, size: 8_000, duplicates: 0.15 });
  writeFileSync(join(world.library, 'empty.mp3'), '');
  writeFileSync(join(world.library, 'words.flac'), 'These are words and no music.');
  original = { ...world, before: snapshotLibrary(world.library) };
  const server = await startServer(original);
  await finishSync(original, server.url);
  await server.stop();
  await cleanUp(original);
});
afterAll(() => removeFolder(folder));

/** A copy to break; its ledger knows the library at its new place. */
const copyOfWorld = (): World => {
  const target = testFolder('checker');
  cpSync(folder, target, { recursive: true, preserveTimestamps: true });
  const world = worldIn(target);
  changed(ledgerOf(world), (db) =>
    db.prepare('UPDATE library SET path = ?').run(realpathSync.native(world.library, 'buffer')),
  );
  return { ...world, before: snapshotLibrary(world.library) };
};

const changed = (file: string, change: (db: Database.Database) => void): void => {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  change(db);
  db.close();
};

const archiveDb = (world: World): string => join(world.archive, 'archive.db');

const objectsOf = (world: World): readonly string[] =>
  readdirSync(join(world.archive, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

const firstOf = <T>(values: readonly T[]): T => {
  const [first] = values;
  if (first === undefined) throw new Error('there is none');
  return first;
};

const rulesOf = ({ breaches }: Verdict): ReadonlySet<Rule> => new Set(breaches.map(({ rule }) => rule));
const messagesOf = ({ breaches }: Verdict): string => breaches.map(({ message }) => message).join('\n');
const check = (world: World, options: Parameters<typeof verdictOn>[1] = {}): Promise<Verdict> =>
  verdictOn(world, { cleaned: true, ...options });

/** Without its constraints, so that rows can be planted that the archive would refuse. */
const withLooseSongs = (world: World, change: (db: Database.Database) => void): void =>
  changed(archiveDb(world), (db) => {
    db.exec('CREATE TABLE loose AS SELECT * FROM song; DROP TABLE song; ALTER TABLE loose RENAME TO song');
    change(db);
  });

test('an archive in which all is well has no breach, and the counts are those of the library', async () => {
  const { breaches, counts } = await check(original);
  expect(breaches).toEqual([]);
  expect(counts).toEqual({
    eligible: FILES + 1,
    archived: FILES,
    listed: 1,
    waiting: 0,
    songs: FILES - 2,
    blobs: FILES - 2,
    objects: FILES - 2,
    puts: { accepted: FILES - 2, contents: FILES - 2, repeated: 0, committed: FILES - 2 },
  });
  expect((await check(copyOfWorld())).breaches).toEqual([]);
});

describe('what is planted is found', () => {
  test('one bit of an object is flipped', async () => {
    const world = copyOfWorld();
    const object = firstOf(objectsOf(world));
    const bytes = readFileSync(object);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(object, bytes);
    const verdict = await check(world);
    expect(rulesOf(verdict)).toEqual(new Set(['archived', 'once']));
    expect(messagesOf(verdict)).toMatch(/whose object has other bytes/);
  });

  test('an object is gone', async () => {
    const world = copyOfWorld();
    rmSync(firstOf(objectsOf(world)));
    expect(messagesOf(await check(world))).toMatch(/whose object is not there/);
  });

  test('a song is there twice', async () => {
    const world = copyOfWorld();
    withLooseSongs(world, (db) =>
      db.exec(
        'INSERT INTO song SELECT * FROM song LIMIT 1; UPDATE song SET id = 999 WHERE rowid = last_insert_rowid()',
      ),
    );
    const verdict = await check(world);
    expect(rulesOf(verdict)).toEqual(new Set(['once']));
    expect(messagesOf(verdict)).toMatch(/there are two songs for [0-9a-f]{64} of owner 1/);
  });

  test('an object belongs to no song', async () => {
    const world = copyOfWorld();
    cpSync(firstOf(objectsOf(world)), join(world.archive, 'objects', 'f'.repeat(40)));
    const verdict = await check(world);
    expect(rulesOf(verdict)).toEqual(new Set(['once']));
    expect(messagesOf(verdict)).toBe(`the object ${'f'.repeat(40)} has no song`);
    expect((await check(world, { cleaned: false })).breaches).toEqual([]);
  });

  test('an upload left its beginning behind', async () => {
    const world = copyOfWorld();
    writeFileSync(join(world.archive, 'tmp', 'half'), 'half of a file');
    expect(messagesOf(await check(world))).toBe('an upload left half behind');
  });

  test('a blob is used by no song', async () => {
    const world = copyOfWorld();
    changed(archiveDb(world), (db) =>
      db.exec(`INSERT INTO blob (owner_id, key, filename, content_type, byte_size, state, created_at)
        VALUES (1, '${'e'.repeat(40)}', 'x.mp3', 'audio/mpeg', 1, 'pending', 0)`),
    );
    expect(messagesOf(await check(world))).toMatch(/^blob \d+ \(pending\) has no song$/);
  });

  test('the ledger calls archived what the archive does not have', async () => {
    const world = copyOfWorld();
    withLooseSongs(world, (db) => db.exec('DELETE FROM song WHERE id = (SELECT min(id) FROM song)'));
    const verdict = await check(world, { unfinished: true });
    expect(rulesOf(verdict)).toEqual(new Set(['archived', 'once']));
    expect(messagesOf(verdict)).toMatch(
      /is archived by the ledger as song 1, which the archive does not have/,
    );
  });

  test('the ledger has the right song for the wrong bytes', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) => {
      const [a, b] = db
        .prepare<[], { id: number; song: number }>('SELECT id, song_id AS song FROM holding')
        .all();
      const link = db.prepare<[number | null, number]>('UPDATE holding SET song_id = ? WHERE id = ?');
      if (a === undefined || b === undefined) throw new Error('there are none');
      link.run(null, a.id);
      link.run(a.song, b.id);
      link.run(b.song, a.id);
    });
    expect(messagesOf(await check(world))).toMatch(/which has other bytes/);
  });

  test('the archive has a song that the ledger has forgotten', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) => db.exec("UPDATE holding SET state = 'open' WHERE song_id = 1"));
    expect(messagesOf(await check(world))).toMatch(/the archive has song 1, and the ledger does not know it/);
  });

  test('a file waits for ever', async () => {
    const world = copyOfWorld();
    const late = join(world.library, 'late.ogg');
    writeFileSync(late, 'OggS and more');
    const before = snapshotLibrary(world.library);
    expect(messagesOf(await check({ ...world, before }))).toBe('"late.ogg" is still waiting');
    expect((await check({ ...world, before }, { unfinished: true })).breaches).toEqual([]);
  });

  test('a file was left out without a reason', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) =>
      db.exec("UPDATE track SET reason = NULL WHERE name = CAST('words.flac' AS BLOB)"),
    );
    expect(messagesOf(await check(world))).toBe('"words.flac" is skipped without a reason');
  });

  test('a file of the library was changed, at its size and its time', async () => {
    const world = copyOfWorld();
    const name = join(world.library, 'words.flac');
    const { atime, mtime } = statSync(name);
    writeFileSync(name, 'These are WORDS and no music.');
    utimesSync(name, atime, mtime);
    const verdict = await check(world);
    expect(rulesOf(verdict)).toEqual(new Set(['untouched']));
    expect(messagesOf(verdict)).toMatch(/"words.flac": content was/);
  });

  test('a file came into the library', async () => {
    const world = copyOfWorld();
    writeFileSync(join(world.library, 'notes.txt'), 'left by somebody');
    expect(messagesOf(await check(world))).toMatch(/"notes.txt" is new/);
  });

  test('the ledger counts wrongly', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) =>
      db.exec("UPDATE tally SET tracks = tracks + 1 WHERE outcome = 'archived'"),
    );
    expect(messagesOf(await check(world))).toMatch(
      new RegExp(`^the ledger counts ${FILES + 1} tracks .* as archived, and has ${FILES} `),
    );
  });

  test('bytes were sent again after their arrival was written down', async () => {
    const world = copyOfWorld();
    const log = join(world.archive, 'archive.log');
    const line = firstOf(
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((text) => text.includes('"bytes_stored"')),
    );
    const again = JSON.stringify({ ...(JSON.parse(line) as object), time: new Date().toISOString() });
    writeFileSync(log, `${again}\n`, { flag: 'a' });
    const verdict = await check(world, { lostAnswers: 5 });
    expect(rulesOf(verdict)).toEqual(new Set(['puts']));
    expect(messagesOf(verdict)).toMatch(/was sent again \d+ ms after its arrival was written down/);
    expect(verdict.counts.puts.repeated).toBe(1);
  });

  test('the ledger wrote down a PUT too many', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) => db.exec('UPDATE run SET puts = puts + 1'));
    expect(messagesOf(await check(world))).toBe(
      `the ledger counts ${FILES - 1} PUTs, and dates the arrival of ${FILES - 2} contents`,
    );
  });

  test('more was sent twice than answers can have been lost', async () => {
    const world = copyOfWorld();
    const log = join(world.archive, 'archive.log');
    const line = firstOf(
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((text) => text.includes('"bytes_stored"')),
    );
    writeFileSync(log, `${line}\n${line}\n`, { flag: 'a' });
    expect(messagesOf(await check(world, { lostAnswers: 1 }))).toMatch(/2 PUTs were repeated, and at most 1/);
    expect((await check(world, { lostAnswers: 2 })).breaches).toEqual([]);
  });

  test.each([
    ['a password', (): string => PASSWORD],
    [
      'an upload address',
      (): string => `http://127.0.0.1:1/api/v1/storage/v1.${'a'.repeat(90)}.${'b'.repeat(43)}`,
    ],
  ])('%s stands in the log', async (_what, secret) => {
    const world = copyOfWorld();
    writeFileSync(join(world.archive, 'archive.log'), `{"msg":"${secret()}"}\n`, { flag: 'a' });
    expect(rulesOf(await check(world))).toEqual(new Set(['secrets']));
  });

  test('a password stands beside the ledger', async () => {
    const world = copyOfWorld();
    writeFileSync(join(world.client, 'client.log'), `signed in with ${PASSWORD}`);
    const message = 'client.log holds a secret that was given';
    expect((await check(world)).breaches).toEqual([{ rule: 'secrets', message }]);
  });

  test('a token stands in the ledger, close to other text', async () => {
    const world = copyOfWorld();
    const token = 'Zz0-_'.repeat(9).slice(0, 43);
    const printed = join(testFolder(), 'token');
    writeFileSync(printed, token);
    changed(archiveDb(world), (db) =>
      db.prepare('UPDATE session SET access_hash = ?').run(sha256OfFile(printed)),
    );
    changed(ledgerOf(world), (db) =>
      db.prepare('UPDATE holding SET failure_message = ? WHERE id = 1').run(`x${token}y`),
    );
    expect((await check(world)).breaches).toEqual([{ rule: 'secrets', message: 'ledger.db holds a token' }]);
  });

  test('a row of the ledger points to nothing', async () => {
    const world = copyOfWorld();
    changed(ledgerOf(world), (db) => db.exec('DELETE FROM content WHERE id = 1'));
    expect(rulesOf(await check(world))).toContain('health');
  });
});

describe('the command', () => {
  const entry = fileURLToPath(new URL('../check-archive.ts', import.meta.url));
  const argumentsFor = (world: World): string[] => [
    '--library',
    world.library,
    '--ledger',
    ledgerOf(world),
    '--archive',
    world.archive,
    '--cleaned',
  ];

  test('ends with 0 where all is well, also against a snapshot that was kept', async () => {
    const world = copyOfWorld();
    const snapshot = join(testFolder(), 'snapshot');
    expect((await runCli(['--library', world.library, '--save-snapshot', snapshot], { entry })).code).toBe(0);
    const { code, stdout } = await runCli([...argumentsFor(world), '--snapshot', snapshot], { entry });
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: 'All is well.' });
  });

  test('ends with 1 and names the breach', async () => {
    const world = copyOfWorld();
    rmSync(firstOf(objectsOf(world)));
    const { code, stdout } = await runCli(argumentsFor(world), { entry });
    expect(code).toBe(1);
    expect(stdout).toMatch(/BREACH once: the object of song \d+ is missing or has other bytes/);
    const told = (await runCli([...argumentsFor(world), '--json'], { entry })).json as Verdict;
    expect(told.breaches.length).toBeGreaterThan(0);
  });

  test('ends with 2 where it is not told what to look at', async () => {
    expect((await runCli([], { entry })).code).toBe(2);
  });
});
