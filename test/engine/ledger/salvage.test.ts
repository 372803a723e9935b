import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import { type Ledger, ledgerPath, openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import { setAsideWords } from '../../../src-main/engine/ledger/set-aside-words.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { damageAlone, damageTables } from '../../kit/damage.ts';
import { testFolder } from '../../kit/test-folder.ts';

const SET: Settings = {
  ...DEFAULT_SETTINGS,
  exclusions: ['Podcasts/'],
  nightWindow: { from: '22:00', to: '06:00' },
  archive: { kind: 'here', identity: 'ledgerline:one:1', folder: null },
  started: true,
};
const FOLDERS = ['/music', '/more music'];

const open = (folder: string): Ledger => {
  const ledger = openLedger(folder, nodeLaunch.sqlFolder('ledger'), new Date());
  onTestFinished(() => ledger.close().catch(() => undefined));
  return ledger;
};

/** The path of a ledger that was told all of that, and is closed. */
const written = async (): Promise<string> => {
  const folder = testFolder('data');
  const ledger = open(folder);
  await ledger.commit(() => {
    ledger.settings.write(SET);
    for (const path of FOLDERS) ledger.libraries.ensure(Buffer.from(path), 1);
  });
  await ledger.close();
  return ledgerPath(folder);
};

const openAgain = (path: string) => {
  const { setAside, settings, libraries } = open(dirname(path));
  return {
    settings: settings.read(),
    folders: libraries
      .all()
      .map((library) => Buffer.from(library.path).toString())
      .toSorted(),
    words: setAside === undefined ? undefined : setAsideWords(setAside),
  };
};

const ALL = FOLDERS.toSorted();
const TAKEN_OVER =
  /^The ledger was damaged and was put aside as \S+corrupt\S+\. .* Your folders and settings, also what you exclude, were taken over\./;

test.each([
  { what: 'its tracks', damage: (path: string) => damageTables(path, ['track', 'content', 'holding']) },
  // Their paths stand in the index, too.
  { what: 'its libraries', damage: (path: string) => damageAlone(path, ['library']) },
])('a ledger that is damaged among $what gives on all that a person had set', async ({ damage }) => {
  const path = await written();
  damage(path);
  const again = openAgain(path);
  expect(again).toMatchObject({ settings: SET, folders: ALL });
  expect(again.words).toMatch(TAKEN_OVER);
  expect(openAgain(path).words).toBeUndefined();
});

test('settings that cannot be read are named, and nobody is taken to have pressed Start', async () => {
  const path = await written();
  damageTables(path, ['setting']);
  const again = openAgain(path);
  expect(again).toMatchObject({ settings: DEFAULT_SETTINGS, folders: ALL });
  expect(again.words).toContain(
    'These settings could not be read from it and are as in the beginning: what you exclude, the hours of the night, ',
  );
  expect(again.words).not.toMatch(/taken over|folders you had chosen/);
});

test('a single setting that makes no sense is named, and the others are kept', async () => {
  const path = await written();
  const db = new Database(path);
  db.prepare("UPDATE setting SET value = '[\"Podc' WHERE name = 'exclusions'").run();
  db.close();
  damageTables(path, ['track']);
  const again = openAgain(path);
  expect(again.settings).toEqual({ ...SET, exclusions: [], started: false });
  expect(again.words).toContain('as in the beginning: what you exclude.');
});

test('folders that cannot be read are named', async () => {
  const path = await written();
  damageTables(path, ['library']);
  const again = openAgain(path);
  expect(again).toMatchObject({ settings: { ...SET, started: false }, folders: [] });
  expect(again.words).toContain('Which folders you had chosen could not be read from it.');
});

test('of what is no ledger at all nothing is kept, and all of it is named', async () => {
  const path = await written();
  writeFileSync(path, 'x'.repeat(20_000));
  const again = openAgain(path);
  expect(again).toMatchObject({ settings: DEFAULT_SETTINGS, folders: [] });
  expect(again.words).toMatch(/Which folders .* These settings .* and the archive that you use\./);
});

test('what was asked for from beside and not yet heard is not forgotten', async () => {
  const path = await written();
  const db = new Database(path);
  leaveMessage(db, { kind: 'set', settings: { exclusions: ['Podcasts/', 'Talks/'] } }, 1);
  const gone = db
    .prepare<[Uint8Array], { id: number }>('SELECT id FROM library WHERE path = ?')
    .get(Buffer.from('/music'));
  leaveMessage(db, { kind: 'forget', libraryId: gone?.id ?? 0 }, 2);
  db.close();
  damageTables(path, ['track']);
  expect(openAgain(path)).toMatchObject({
    settings: { ...SET, exclusions: ['Podcasts/', 'Talks/'] },
    folders: ['/more music'],
  });
});

test('a kill just as the damaged ledger is out of the way loses nothing that was taken over', async () => {
  const path = await written();
  // As the files lie then: the new one is whole, and not yet in its place.
  renameSync(path, `${path}.new`);
  expect(openAgain(path)).toEqual({ settings: SET, folders: ALL, words: undefined });
});

test('a kill before that leaves a half-made one, of which nothing is used', async () => {
  const path = await written();
  writeFileSync(`${path}.new`, 'x'.repeat(5_000));
  damageTables(path, ['track']);
  expect(openAgain(path)).toMatchObject({ settings: SET, folders: ALL });
  expect(existsSync(`${path}.new`)).toBe(false);
  const aside = readdirSync(dirname(path)).find((name) => /corrupt-[\dTZ-]+$/.test(name)) ?? '';
  expect(statSync(join(dirname(path), aside)).size).toBeGreaterThan(20_000);
});
