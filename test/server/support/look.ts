import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sha256Of } from './audio.ts';

/** What is really on the archive's disk: SHA-256 of every stored object by its key. */
export const storedObjects = (dataDir: string): ReadonlyMap<string, string> => {
  const objects = new Map<string, string>();
  const root = join(dataDir, 'objects');
  for (const folder of readdirSync(root)) {
    for (const name of readdirSync(join(root, folder))) {
      objects.set(name, sha256Of(readFileSync(join(root, folder, name))));
    }
  }
  return objects;
};

/** Broken uploads leave nothing here. */
export const tempFiles = (dataDir: string): readonly string[] => readdirSync(join(dataDir, 'tmp'));

/** Rows of the archive's database, read beside it. */
export const rows = <T = Record<string, unknown>>(
  dataDir: string,
  sql: string,
  ...values: unknown[]
): readonly T[] => {
  const db = new Database(join(dataDir, 'archive.db'), { readonly: true });
  try {
    return db.prepare<unknown[], T>(sql).all(...values);
  } finally {
    db.close();
  }
};

/** Changes the database behind the archive's back. */
export const meddle = (dataDir: string, sql: string, ...values: unknown[]): void => {
  const db = new Database(join(dataDir, 'archive.db'), { timeout: 5000 });
  try {
    db.prepare(sql).run(...values);
  } finally {
    db.close();
  }
};

/**
 * The promise of the archive in one look: every song has exactly one blob, whose object holds exactly its bytes; no
 * owner has the same bytes twice; and no object is unknown to the database.
 */
export const contradictions = (dataDir: string): readonly string[] => {
  const objects = storedObjects(dataDir);
  const blobs = rows<{ id: number; key: string; sha256: string | null; state: string }>(
    dataDir,
    'select id, key, sha256, state from blob',
  );
  const songs = rows<{ id: number; sha256: string; blob_id: number; owner_id: number }>(
    dataDir,
    'select id, sha256, blob_id, owner_id from song',
  );
  const byId = new Map(blobs.map((blob) => [blob.id, blob]));
  const found: string[] = [];
  const seen = new Set<string>();
  for (const song of songs) {
    const blob = byId.get(song.blob_id);
    if (blob === undefined) found.push(`song ${song.id} has no blob`);
    else if (blob.state !== 'recorded') found.push(`song ${song.id} has a blob that is ${blob.state}`);
    else if (objects.get(blob.key) !== song.sha256) found.push(`song ${song.id} has not its bytes`);
    const identity = `${song.owner_id} ${song.sha256}`;
    if (seen.has(identity)) found.push(`song ${song.id} is there twice`);
    seen.add(identity);
  }
  const keys = new Set(blobs.map((blob) => blob.key));
  for (const key of objects.keys()) if (!keys.has(key)) found.push(`object ${key} is nobody's`);
  return found;
};

export const modeOf = (path: string): number => statSync(path).mode & 0o777;
