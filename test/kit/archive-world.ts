import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import type { ArchiveConfig } from '../../server/config.ts';
import type { Credentials } from '../../src-main/engine/archive/session.ts';
import { startTestArchive, type TestArchive } from '../server/support/archive.ts';
import { startFaultProxy, type FaultProxy } from '../stand-ins/fault-proxy.ts';
import { sha256OfFile } from './hash.ts';

/** An archive of ours behind a proxy that counts what goes by. */
export interface ArchiveWorld {
  readonly server: TestArchive;
  readonly proxy: FaultProxy;
  /** Without a password: quick. */
  readonly credentials: Credentials;
  readonly withPassword: () => Promise<Credentials>;
  /** Requests of a kind that went by since the counting began. */
  readonly asked: (method: string, path: RegExp) => number;
  readonly puts: () => number;
  readonly restart: (whileStopped?: () => void) => Promise<void>;
}

const PASSWORD = 'a rather long password';
const EMAIL = 'moderator@example.org';

export const startArchiveWorld = async (
  config: Omit<Partial<ArchiveConfig>, 'dataDir'> = {},
): Promise<ArchiveWorld> => {
  const server = await startTestArchive({ config });
  onTestFinished(() => server.stop());
  await server.archive.accounts.ensure({ email: EMAIL, role: 'moderator' });
  const proxy = await startFaultProxy({ target: server.archive.url });
  onTestFinished(() => proxy.stop());
  const asked = (method: string, path: RegExp): number =>
    proxy.requests().filter((request) => request.method === method && path.test(request.path)).length;
  return {
    server,
    proxy,
    credentials: { kind: 'mint', mint: () => server.archive.mintSession(EMAIL) },
    withPassword: async () => {
      await server.archive.accounts.setPassword(EMAIL, PASSWORD);
      return { kind: 'password', email: EMAIL, password: PASSWORD };
    },
    asked,
    puts: () => asked('PUT', /./),
    restart: async (whileStopped) => {
      await server.restart(whileStopped);
      proxy.setTarget(server.archive.url);
    },
  };
};

interface ArchiveState {
  /** SHA-256 of each song, as its row says. */
  readonly songs: readonly string[];
  readonly blobs: readonly { readonly state: string; readonly sha256: string | null }[];
  /** SHA-256 of each stored object, hashed now. */
  readonly objects: readonly string[];
  /** Half-written files. */
  readonly temps: readonly string[];
}

/** What database and disk of an archive hold, read with neither's own code. */
export const archiveState = (dataDir: string): ArchiveState => {
  const db = new Database(join(dataDir, 'archive.db'), { readonly: true });
  try {
    return {
      songs: db
        .prepare<[], { sha256: string }>('SELECT sha256 FROM song ORDER BY id')
        .all()
        .map(({ sha256 }) => sha256),
      blobs: db.prepare<[], { state: string; sha256: string | null }>('SELECT state, sha256 FROM blob').all(),
      objects: filesIn(join(dataDir, 'objects')).map(sha256OfFile),
      temps: filesIn(join(dataDir, 'tmp')),
    };
  } finally {
    db.close();
  }
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const sorted = (list: readonly string[]): readonly string[] => [...list].toSorted();

/** The archive has exactly these contents, each once: one song, one object with these bytes, and no other object. */
export const expectHolds = ({ server }: ArchiveWorld, sha256s: readonly string[]): void => {
  const { songs, objects, temps } = archiveState(server.dataDir);
  expect(sorted(songs)).toEqual(sorted(sha256s));
  expect(sorted(objects)).toEqual(sorted(sha256s));
  expect(temps).toEqual([]);
};
