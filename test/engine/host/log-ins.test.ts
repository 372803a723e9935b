import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memorySecrets, type Secrets } from '../../../src-main/engine/archive/secrets.ts';
import { callsOf, openTestHost, refOf, sees, type TestHost } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { startTestArchive, type TestArchive } from '../../server/support/archive.ts';
import { RAILS_MODERATOR, startRailsArchive } from '../../stand-ins/rails-archive.ts';

const EMAIL = 'somebody@example.org';
const PASSWORD = 'tell nobody this one';

/** Remembers all that it was ever given, as whoever reads the ledger must find none of it there. */
interface WatchedSecrets extends Secrets {
  readonly given: readonly string[];
  readonly names: () => readonly string[];
}

const watchedSecrets = (): WatchedSecrets => {
  const inner = memorySecrets();
  const given: string[] = [];
  const names = new Set<string>();
  return {
    ...inner,
    set: async (name, secret) => {
      given.push(secret);
      names.add(name);
      await inner.set(name, secret);
    },
    forget: async (name) => {
      names.delete(name);
      await inner.forget(name);
    },
    forgetAllBut: async (name) => {
      for (const each of names) if (each !== name) names.delete(each);
      await inner.forgetAllBut(name);
    },
    given,
    names: () => [...names],
  };
};

interface World {
  readonly root: string;
  readonly url: string;
  readonly secrets: WatchedSecrets;
  readonly open: (dataFolder?: string) => Promise<TestHost>;
}

const worldAt = (url: string, songs: number): World => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), songs);
  const secrets = watchedSecrets();
  return {
    root,
    url,
    secrets,
    open: (dataFolder) =>
      openTestHost({ roots: [root], secrets, ...(dataFolder === undefined ? {} : { dataFolder }) }),
  };
};

const archiveWithAccount = async (): Promise<TestArchive> => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  return server;
};

/** Signs in as on the page, and archives everything. */
const archiveAll = async (
  { open, root, url }: World,
  songs: number,
  signIn: {
    readonly email: string;
    readonly password: string;
    readonly keep: boolean;
    readonly keepPassword?: boolean;
  },
): Promise<TestHost> => {
  const host = await open();
  expect(await host.calls.addLibrary(await refOf(callsOf(host), root, 'Music'))).toEqual({ ok: true });
  expect(await host.calls.useArchiveAt({ url, ...signIn })).toEqual({ ok: true });
  await host.calls.start(null);
  await sees(host, 'all is archived', ({ standing }) => standing.archived === songs);
  return host;
};

const KEEP = { email: EMAIL, password: PASSWORD, keep: true };

/** The rows of sessions in the archive that began with a log-in, and were not refreshed. */
const sessionFamilies = ({ dataDir }: TestArchive): number => {
  const db = new Database(join(dataDir, 'archive.db'), { readonly: true });
  try {
    const row = db
      .prepare<[], { families: number }>('SELECT count(DISTINCT family) AS families FROM session')
      .get();
    return row?.families ?? 0;
  } finally {
    db.close();
  }
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a log-in that a person wants to be kept', () => {
  test('signs in by itself at the next starts, each time with the newest token and never with a password', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 2);
    let host = await archiveAll(world, 2, KEEP);
    const { dataFolder } = host;
    await host.close();
    for (const songs of [3, 4]) {
      // So long that the archive would take an old token for a stolen one.
      server.wait(60);
      writeSongs(join(world.root, 'Music'), 1, songs);
      host = await world.open(dataFolder);
      const { trouble } = await sees(
        host,
        'all is archived',
        (s) => s.standing.archived === songs || s.trouble !== null,
      );
      expect(trouble).toBeNull();
      await host.close();
    }
    expect(sessionFamilies(server)).toBe(1);
    const { given } = world.secrets;
    expect(new Set(given).size).toBeGreaterThanOrEqual(3);
    expect(given.join()).not.toContain(PASSWORD);
    // Ledger and all: neither stands there in clear.
    const tokens = given.map((text) => (JSON.parse(text) as { token: string }).token);
    const inClear = filesIn(dataFolder).filter((file) => {
      const bytes = readFileSync(file);
      return [PASSWORD, ...tokens].some((secret) => bytes.includes(secret));
    });
    expect(inClear).toEqual([]);
    expect(host.faults).toEqual([]);
  });

  test('keeps each rotated token before it is used', async () => {
    const server = await startTestArchive({ config: { tokenLifetimeSeconds: 5 } });
    onTestFinished(() => server.stop());
    await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
    const world = worldAt(server.archive.url, 1);
    const host = await archiveAll(world, 1, KEEP);
    const before = world.secrets.given.length;
    server.wait(6);
    writeSongs(join(world.root, 'Music'), 1, 50);
    await sees(host, 'the second is archived', ({ standing }) => standing.archived === 2);
    const kept = world.secrets.given.slice(before);
    expect(kept.length).toBeGreaterThanOrEqual(1);
    await host.close();
    server.wait(60);
    writeSongs(join(world.root, 'Music'), 1, 60);
    const next = await world.open(host.dataFolder);
    await sees(next, 'the third is archived', ({ standing }) => standing.archived === 3);
  });

  test('that the archive took back is signed out, in words; the ledger stays, and a password mends it', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 2);
    const first = await archiveAll(world, 2, KEEP);
    await first.close();
    // A new password ends all sessions of an account.
    await server.archive.accounts.setPassword(EMAIL, 'quite another password');
    const host = await world.open(first.dataFolder);
    const told = await sees(host, 'trouble', ({ trouble }) => trouble !== null);
    expect(told).toMatchObject({
      trouble: { code: 'signed_out', message: expect.stringMatching(/^Please sign in again at http/) },
      standing: { archived: 2, found: 2 },
    });
    const { url } = world;
    expect(
      await host.calls.useArchiveAt({ url, email: EMAIL, password: 'quite another password', keep: true }),
    ).toEqual({ ok: true });
    writeSongs(join(world.root, 'Music'), 1, 50);
    const mended = await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
    expect(mended.trouble).toBeNull();
    expect(host.faults).toEqual([]);
  });

  test('of an archive without such tokens is its password', async () => {
    const rails = await startRailsArchive();
    onTestFinished(() => rails.stop());
    const world = worldAt(rails.origin, 1);
    const { email, password } = RAILS_MODERATOR;
    const first = await archiveAll(world, 1, { email, password, keep: true, keepPassword: true });
    await first.close();
    expect(world.secrets.given).toEqual([JSON.stringify({ kind: 'password', password })]);
    writeSongs(join(world.root, 'Music'), 1, 50);
    const host = await world.open(first.dataFolder);
    const done = await sees(host, 'all is archived', (s) => s.standing.archived === 2 || s.trouble !== null);
    expect(done.trouble).toBeNull();
  });

  test('of an archive without such tokens is not kept before a person knows that it is the password', async () => {
    const rails = await startRailsArchive();
    onTestFinished(() => rails.stop());
    const world = worldAt(rails.origin, 1);
    const { email, password } = RAILS_MODERATOR;
    const host = await world.open();
    const given = { url: world.url, email, password };
    expect(await host.calls.useArchiveAt({ ...given, keep: true })).toMatchObject({
      ok: false,
      field: null,
      message: expect.stringMatching(/the password itself would have to be kept/),
      confirm: 'keepPassword',
    });
    // Nothing was chosen by that, and nothing kept.
    expect((await host.calls.state(null)).archive).toBeNull();
    expect(world.secrets.given).toEqual([]);
    expect(await host.calls.useArchiveAt({ ...given, keep: false })).toEqual({ ok: true });
    expect(world.secrets.given).toEqual([]);
    expect((await host.calls.state(null)).archive).toMatchObject({ kind: 'server', email });
  });

  test('ends when a person signs out: nothing is kept, and the next start asks for the password', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const first = await archiveAll(world, 1, KEEP);
    await first.calls.signOut(null);
    expect(world.secrets.names()).toEqual([]);
    expect(sessionFamilies(server)).toBe(0);
    await first.close();
    const host = await world.open(first.dataFolder);
    const { trouble } = await sees(host, 'trouble', (state) => state.trouble !== null);
    expect(trouble?.code).toBe('signed_out');
    expect(world.secrets.names()).toEqual([]);
  });

  test('cannot be kept: the work goes on, and the log learns why', async () => {
    const server = await archiveWithAccount();
    const root = testFolder('root');
    writeSongs(join(root, 'Music'), 1);
    const secrets: Secrets = {
      get: () => Promise.resolve(undefined),
      set: () => Promise.reject(new Error('the key ring is locked')),
      forget: () => Promise.resolve(),
      forgetAllBut: () => Promise.resolve(),
    };
    const host = await openTestHost({ roots: [root], secrets });
    await host.calls.addLibrary(await refOf(callsOf(host), root, 'Music'));
    expect(await host.calls.useArchiveAt({ url: server.archive.url, ...KEEP })).toEqual({ ok: true });
    await host.calls.start(null);
    await sees(host, 'all is archived', ({ standing }) => standing.archived === 1);
    expect(host.faults).toMatchObject([{ message: 'the key ring is locked' }]);
  });

  test('that was damaged is as none, and its error quotes nothing of it', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const first = await archiveAll(world, 1, KEEP);
    await first.close();
    const [name = ''] = world.secrets.names();
    await world.secrets.set(name, '{"kind":"refresh","token":"precious');
    const host = await world.open(first.dataFolder);
    const { trouble } = await sees(host, 'trouble', (state) => state.trouble !== null);
    expect(trouble?.code).toBe('signed_out');
    expect(String(host.faults)).toMatch(/cannot be read any more/);
    expect(String(host.faults)).not.toContain('precious');
  });
});

describe('a log-in of an archive or account that was chosen before', () => {
  const OTHER = { email: 'another@example.org', password: 'nor this one', keep: true };

  test('is forgotten when another account is chosen: what is kept is the new one’s alone', async () => {
    const server = await archiveWithAccount();
    await server.archive.accounts.add({ ...OTHER, role: 'moderator' });
    const world = worldAt(server.archive.url, 1);
    const { url } = world;
    const host = await archiveAll(world, 1, KEEP);
    const [former] = world.secrets.names();
    expect(await host.calls.useArchiveAt({ url, ...OTHER })).toEqual({ ok: true });
    expect(world.secrets.names()).toHaveLength(1);
    expect(world.secrets.names()).not.toContain(former);
    const done = await sees(
      host,
      'all is archived there',
      (s) => s.standing.archived === 1 && s.work !== null,
    );
    expect(done.trouble).toBeNull();
    await host.close();
    // The one that was chosen last goes on by itself.
    writeSongs(join(world.root, 'Music'), 1, 50);
    const next = await world.open(host.dataFolder);
    const told = await sees(next, 'the second', (s) => s.standing.archived === 2 || s.trouble !== null);
    expect(told.trouble).toBeNull();
  });

  test('stays when the other account is refused', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const { url } = world;
    const host = await archiveAll(world, 1, KEEP);
    const before = world.secrets.names();
    expect(await host.calls.useArchiveAt({ url, ...OTHER })).toMatchObject({ ok: false, field: 'password' });
    expect(world.secrets.names()).toEqual(before);
    expect(await host.calls.start(null)).toEqual({ ok: true });
  });

  test('is forgotten when the archive on this computer is chosen', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const host = await archiveAll(world, 1, KEEP);
    expect(await host.calls.useArchiveHere(null)).toEqual({ ok: true });
    expect(world.secrets.names()).toEqual([]);
    expect(host.faults).toEqual([]);
  });
});

describe('a log-in that nobody wants to be kept', () => {
  test('is kept nowhere: the next start asks for the password', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const first = await archiveAll(world, 1, { ...KEEP, keep: false });
    await first.close();
    expect(world.secrets.given).toEqual([]);
    const host = await world.open(first.dataFolder);
    const { trouble } = await sees(host, 'trouble', (state) => state.trouble !== null);
    expect(trouble?.code).toBe('signed_out');
    expect(await host.calls.start(null)).toMatchObject({ ok: false, field: 'password' });
  });

  test('takes an earlier one out of the keeping', async () => {
    const server = await archiveWithAccount();
    const world = worldAt(server.archive.url, 1);
    const host = await archiveAll(world, 1, KEEP);
    expect(world.secrets.names()).toHaveLength(1);
    await host.calls.useArchiveAt({ url: world.url, ...KEEP, keep: false });
    expect(world.secrets.names()).toEqual([]);
  });
});
