import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Secrets } from '../../../src-main/engine/archive/secrets.ts';
import { callsOf, openTestHost, refOf, sees, type TestHost } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { startTestArchive } from '../../server/support/archive.ts';
import { RAILS_MODERATOR, startRailsArchive } from '../../stand-ins/rails-archive.ts';

const EMAIL = 'somebody@example.org';
const PASSWORD = 'tell nobody this one';
const SIGN_IN = { email: EMAIL, password: PASSWORD };

const archiveElsewhere = async () => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  return server;
};

/** With the names of what it keeps. */
const namedSecrets = (): { readonly secrets: Secrets; readonly names: () => readonly string[] } => {
  const kept = new Map<string, string>();
  return {
    names: () => [...kept.keys()],
    secrets: {
      get: async (name) => kept.get(name),
      set: async (name, secret) => void kept.set(name, secret),
      forget: async (name) => void kept.delete(name),
      forgetAllBut: async (name) => {
        for (const each of kept.keys()) if (each !== name) kept.delete(each);
      },
    },
  };
};

const withSongs = async (
  songs: number,
): Promise<TestHost & ReturnType<typeof namedSecrets> & { readonly root: string }> => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), songs);
  const named = namedSecrets();
  const host = await openTestHost({ roots: [root], secrets: named.secrets });
  await host.calls.addLibrary(await refOf(callsOf(host), root, 'Music'));
  return { ...host, ...named, root };
};

const count = (dataDir: string, sql: string): number => {
  const db = new Database(join(dataDir, 'archive.db'), { readonly: true });
  try {
    return (db.prepare(sql).get() as { readonly n: number }).n;
  } finally {
    db.close();
  }
};

describe('the archive tells how it stands', () => {
  test('on a server: its songs, its room, and when it answered last, also when it is gone', async () => {
    const server = await archiveElsewhere();
    const host = await withSongs(3);
    expect(await host.calls.archiveStatus(null)).toBeNull();
    const before = Date.now();
    await host.calls.useArchiveAt({ url: server.archive.url, ...SIGN_IN });
    await host.calls.start(null);
    await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
    const status = await waitFor('all to be looked through', async () => {
      const now = await host.calls.archiveStatus(null);
      return now?.told?.songs.needs_review === 3 ? now : undefined;
    });
    expect(status).toMatchObject({
      place: server.archive.url,
      email: EMAIL,
      signedIn: true,
      trouble: null,
      told: { songs: { queued: 0, processing: 0, unreadable: 0 }, queue: { depth: 0, oldestSeconds: null } },
    });
    expect(status.told?.storage.used).toBeGreaterThan(1000);
    expect(status.lastContact).toBeGreaterThanOrEqual(before);
    await server.archive.close();
    const gone = await host.calls.archiveStatus(null);
    expect(gone).toMatchObject({ told: null, trouble: expect.stringMatching(/cannot be reached/) });
    expect(gone?.lastContact).toBeGreaterThanOrEqual(status.lastContact ?? Infinity);
  });

  test('on this computer: nobody has to be signed in', async () => {
    const host = await withSongs(1);
    await host.calls.useArchiveHere(null);
    const status = await host.calls.archiveStatus(null);
    expect(status).toMatchObject({ place: join(host.dataFolder, 'archive'), email: null, trouble: null });
    expect(status?.told?.storage.free).toBeGreaterThan(0);
    await host.calls.signOut(null);
    expect((await host.calls.state(null)).trouble).toBeNull();
  });

  test('the older archive does not tell, and that is told', async () => {
    const rails = await startRailsArchive();
    onTestFinished(() => rails.stop());
    const host = await withSongs(1);
    expect(
      await host.calls.useArchiveAt({
        url: rails.origin,
        email: RAILS_MODERATOR.email,
        password: RAILS_MODERATOR.password,
      }),
    ).toEqual({ ok: true });
    expect(await host.calls.archiveStatus(null)).toMatchObject({
      signedIn: true,
      told: null,
      trouble: 'This archive does not tell how it stands.',
    });
  });
});

describe('who signs out', () => {
  test('ends the work and the log-in, keeps the ledger, and goes on when signed in again', async () => {
    const server = await archiveElsewhere();
    const host = await withSongs(4);
    const signIn = { url: server.archive.url, ...SIGN_IN, keep: true };
    await host.calls.useArchiveAt(signIn);
    await host.calls.start(null);
    await sees(host, 'all is archived', ({ standing }) => standing.archived === 4);
    const sessions = (): number => count(server.dataDir, 'SELECT count(*) AS n FROM session');
    expect(sessions()).toBe(1);
    await host.calls.signOut(null);
    const out = await sees(host, 'that nobody is signed in', ({ trouble }) => trouble?.code === 'signed_out');
    expect(out).toMatchObject({
      work: null,
      archive: { kind: 'server', email: EMAIL },
      standing: { archived: 4, waiting: 0 },
      settings: { started: true },
    });
    expect(await host.calls.archiveStatus(null)).toMatchObject({ signedIn: false, told: null });
    expect(sessions()).toBe(0);
    // The log-in that was to be kept is gone too.
    expect(await host.calls.start(null)).toMatchObject({ ok: false, field: 'password' });

    writeSongs(join(host.root, 'Music'), 2, 50);
    expect(await host.calls.useArchiveAt(signIn)).toEqual({ ok: true });
    const done = await sees(host, 'the rest is archived', ({ standing }) => standing.archived === 6);
    expect(done.work?.sent).toBe(2);
    expect(done.trouble).toBeNull();
    expect(host.faults).toEqual([]);
  });

  test('is signed out here also where the archive cannot be told', async () => {
    const server = await archiveElsewhere();
    const host = await withSongs(1);
    await host.calls.useArchiveAt({ url: server.archive.url, ...SIGN_IN });
    await server.archive.close();
    await host.calls.signOut(null);
    await sees(host, 'that nobody is signed in', ({ trouble }) => trouble?.code === 'signed_out');
    expect(await host.calls.start(null)).toMatchObject({ ok: false, field: 'password' });
    expect(host.faults).toEqual([]);

    // And that is told until it was read.
    const [notice, ...others] = (await host.calls.state(null)).notices;
    expect(others).toEqual([]);
    expect(notice?.message).toMatch(/could not be told/);
    await host.calls.dismiss((notice?.id ?? 0) + 1);
    expect((await host.calls.state(null)).notices).toEqual([notice]);
    await host.calls.dismiss(notice?.id ?? 0);
    expect((await host.calls.state(null)).notices).toEqual([]);
  });

  test('while the archive is away: what was kept is gone here, the work ends, and that the archive was not told is told', async () => {
    const server = await archiveElsewhere();
    const host = await withSongs(2);
    await host.calls.useArchiveAt({ url: server.archive.url, ...SIGN_IN, keep: true });
    await host.calls.start(null);
    await sees(host, 'all is archived', ({ standing }) => standing.archived === 2);
    await host.close();
    await server.archive.close();
    // Not reached since the start: what was kept is all that is known.
    const next = await openTestHost({ dataFolder: host.dataFolder, secrets: host.secrets });
    await sees(next, 'that it is away', ({ work }) => work?.gate.reason === 'offline');
    expect(host.names()).toHaveLength(1);
    await next.calls.signOut(null);
    expect(host.names()).toEqual([]);
    const out = await sees(next, 'that nobody is signed in', ({ trouble }) => trouble !== null);
    expect(out).toMatchObject({ trouble: { code: 'signed_out' }, work: null, standing: { archived: 2 } });
    expect(out.notices).toMatchObject([{ message: expect.stringMatching(/could not be told/) }]);
    expect(await next.calls.start(null)).toMatchObject({ ok: false, field: 'password' });
    expect(next.faults).toEqual([]);
  });

  test('before the archive was reached in this program’s life: it is told all the same', async () => {
    const server = await archiveElsewhere();
    const host = await withSongs(1);
    await host.calls.useArchiveAt({ url: server.archive.url, ...SIGN_IN, keep: true });
    await host.close();
    const sessions = (): number => count(server.dataDir, 'SELECT count(*) AS n FROM session');
    expect(sessions()).toBe(1);
    // Nothing was started, so nothing was reached.
    const next = await openTestHost({ dataFolder: host.dataFolder, secrets: host.secrets });
    await next.calls.signOut(null);
    expect([sessions(), host.names()]).toEqual([0, []]);
    expect((await next.calls.state(null)).notices).toEqual([]);
  });
});
