import Database from 'better-sqlite3';
import type { Database as Sqlite } from 'better-sqlite3';
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SomeSettings,
  someSettingsSchema,
} from '../../../shared/settings.ts';
import { type InboxMessage, messageOf } from './inbox.ts';
import { createLibraries } from './libraries.ts';
import { createSettings } from './settings.ts';

/** What people had told a ledger that is damaged now, as far as it can be read still. Nothing else can tell it again. */
export interface Salvaged {
  readonly settings: SomeSettings;
  /** Absolute, as the bytes of the file system. */
  readonly libraries: readonly Uint8Array[];
  /** Which could not be read. Those that are at their default may never have been set. */
  readonly lostSettings: readonly (keyof Settings)[];
  /** All of them, or perhaps some of them. */
  readonly lostLibraries: 'none' | 'some' | 'all';
}

const ALL_SETTINGS = Object.keys(DEFAULT_SETTINGS) as readonly (keyof Settings)[];

const ALL_LOST: Salvaged = {
  settings: {},
  libraries: [],
  lostSettings: ALL_SETTINGS,
  lostLibraries: 'all',
};

/** Reads a damaged ledger, and changes nothing in it. */
export const salvage = (path: string): Salvaged => {
  let db: Sqlite | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
    return readAll(db);
  } catch (error) {
    if (!isSqlites(error)) throw error;
    return ALL_LOST;
  } finally {
    db?.close();
  }
};

/** Gives a new ledger what was salvaged. What a person wished is not gone on with where part of it is unknown. */
export const keepSalvaged = (db: Sqlite, salvaged: Salvaged, now: number): void => {
  const { settings, libraries } = salvaged;
  db.transaction(() => {
    createSettings(db).write(isAllThere(salvaged) ? settings : { ...settings, started: false });
    const { ensure } = createLibraries(db);
    for (const path of libraries) ensure(path, now);
  })();
};

export const isAllThere = ({ lostSettings, lostLibraries }: Salvaged): boolean =>
  lostSettings.length === 0 && lostLibraries === 'none';

const readAll = (db: Sqlite): Salvaged => {
  const tables = new Set(
    db
      .prepare<[], { name: string }>('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name),
  );
  if (!tables.has('library')) return ALL_LOST;
  const inbox = readRows<{ message: string }>(db, 'SELECT message FROM inbox ORDER BY id').rows.flatMap(
    ({ message }) => messageOf(message) ?? [],
  );
  return {
    // One that an older program made has no settings.
    ...(tables.has('setting') ? readSettings(db, inbox) : { settings: {}, lostSettings: [] }),
    ...readLibraries(db, inbox),
  };
};

const readSettings = (
  db: Sqlite,
  inbox: readonly InboxMessage[],
): Pick<Salvaged, 'settings' | 'lostSettings'> => {
  const { rows, isWhole } = readRows<{ name: string; value: string }>(db, 'SELECT name, value FROM setting');
  const read = rows.map(({ name, value }) => ({ name, some: someOf(name, value) }));
  const told = inbox.flatMap((message) => (message.kind === 'set' ? [message.settings] : []));
  const settings = Object.assign({}, ...read.map(({ some }) => some), ...told) as SomeSettings;
  const unread = new Set(read.flatMap(({ name, some }) => (some === undefined ? [name] : [])));
  return {
    settings,
    lostSettings: ALL_SETTINGS.filter(
      (name) => settings[name] === undefined && (!isWhole || unread.has(name)),
    ),
  };
};

/** Undefined: it cannot be understood. */
const someOf = (name: string, value: string): SomeSettings | undefined => {
  try {
    return someSettingsSchema.safeParse({ [name]: JSON.parse(value) as unknown }).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

interface LibraryRow {
  readonly id: number;
  readonly path: Uint8Array;
}

/** They stand in the table and in its index: what one of them has lost the other may have. */
const readLibraries = (
  db: Sqlite,
  inbox: readonly InboxMessage[],
): Pick<Salvaged, 'libraries' | 'lostLibraries'> => {
  const copies = ['NOT INDEXED', 'INDEXED BY sqlite_autoindex_library_1'].map((how) =>
    readRows<LibraryRow>(db, `SELECT id, path FROM library ${how} ORDER BY path`),
  );
  const paths = new Map(copies.flatMap(({ rows }) => rows.map(({ id, path }) => [id, path])));
  const isWhole = copies.some((copy) => copy.isWhole && copy.rows.length === paths.size);
  for (const message of inbox) if (message.kind === 'forget') paths.delete(message.libraryId);
  const libraries = [...paths.values()];
  return { libraries, lostLibraries: isWhole ? 'none' : libraries.length === 0 ? 'all' : 'some' };
};

interface Rows<T> {
  readonly rows: readonly T[];
  /** No damage was met. */
  readonly isWhole: boolean;
}

/** As far as the damage lets it. */
const readRows = <T>(db: Sqlite, sql: string): Rows<T> => {
  const rows: T[] = [];
  try {
    for (const row of db.prepare<[], T>(sql).iterate()) rows.push(row);
    return { rows, isWhole: true };
  } catch (error) {
    if (!isSqlites(error)) throw error;
    return { rows, isWhole: false };
  }
};

const isSqlites = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
