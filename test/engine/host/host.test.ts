import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PageState } from '../../../shared/bridge/state.ts';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import { ledgerPath } from '../../../src-main/engine/ledger/ledger.ts';
import { damageTables } from '../../kit/damage.ts';
import { callsOf, type HostWishes, openTestHost, refOf, sees, type TestHost } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { startTestArchive } from '../../server/support/archive.ts';

const EMAIL = 'somebody@example.org';
const PASSWORD = 'tell nobody this one';

const archiveElsewhere = async (role: 'moderator' | 'member' = 'moderator') => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role, password: PASSWORD });
  return { url: server.archive.url, email: EMAIL, password: PASSWORD };
};

/** A root with a library of so many songs. */
const rootWith = (songs: number): string => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), songs);
  return root;
};

const withLibrary = async (root: string, wishes: HostWishes = {}): Promise<TestHost> => {
  const host = await openTestHost({ roots: [root], ...wishes });
  const ref = await refOf(callsOf(host), root, 'Music');
  expect(await host.calls.addLibrary(ref)).toEqual({ ok: true });
  return host;
};

const startedHere = async (root: string, songs: number): Promise<TestHost> => {
  const host = await withLibrary(root);
  await host.calls.useArchiveHere(null);
  await host.calls.start(null);
  await sees(host, 'all is archived', ({ standing }) => standing.archived === songs);
  return host;
};

describe('trouble that only a person can end', () => {
  test('no room for the copies: told before anything is sent; start tries again', async () => {
    const root = rootWith(3);
    let reserve = Number.MAX_SAFE_INTEGER - 1_000_000;
    const host = await withLibrary(root, { reserveBytes: () => reserve });
    await host.calls.useArchiveHere(null);
    await host.calls.start(null);
    const told = await sees(host, 'trouble', ({ trouble }) => trouble !== null);
    expect(told).toMatchObject({
      trouble: { code: 'no_room', message: expect.stringMatching(/not room enough/) },
      work: null,
      standing: { found: 3, archived: 0, waiting: 3 },
      settings: { started: true },
    });
    reserve = 0;
    expect(await host.calls.start(null)).toEqual({ ok: true });
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
    expect(done.trouble).toBeNull();
    expect(host.faults).toEqual([]);
  });

  test('no room for the copies: when room comes it goes on, though nobody presses Start', async () => {
    const root = rootWith(3);
    let reserve = Number.MAX_SAFE_INTEGER - 1_000_000;
    const host = await withLibrary(root, { reserveBytes: () => reserve });
    await host.calls.useArchiveHere(null);
    await host.calls.start(null);
    await sees(host, 'trouble', ({ trouble }) => trouble?.code === 'no_room');
    reserve = 0;
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
    expect(done.trouble).toBeNull();
    expect(host.faults).toEqual([]);
  });

  test('an account that may not upload', async () => {
    const signIn = await archiveElsewhere('member');
    const host = await withLibrary(rootWith(2));
    expect(await host.calls.useArchiveAt(signIn)).toEqual({ ok: true });
    await host.calls.start(null);
    const { trouble } = await sees(host, 'trouble', (state) => state.trouble !== null);
    expect(trouble).toMatchObject({ code: 'forbidden', message: expect.stringMatching(/may not upload/) });
  });

  test('a password from the environment that is wrong: the same as being signed out', async () => {
    const signIn = await archiveElsewhere();
    const root = rootWith(2);
    const first = await withLibrary(root);
    await first.calls.useArchiveAt(signIn);
    await first.calls.start(null);
    await sees(first, 'all is archived', ({ standing }) => standing.archived === 2);
    await first.close();
    const host = await openTestHost({ roots: [root], dataFolder: first.dataFolder, password: 'wrong' });
    const { trouble } = await sees(host, 'trouble', (state) => state.trouble !== null);
    expect(trouble?.code).toBe('signed_out');
    expect(trouble?.message).not.toContain('wrong"');
  });
});

describe('the archive', () => {
  test('is changed in the middle of the work, there and back; each keeps its own numbers', async () => {
    const signIn = await archiveElsewhere();
    const root = rootWith(4);
    const host = await startedHere(root, 4);
    expect(await host.calls.useArchiveAt(signIn)).toEqual({ ok: true });
    writeSongs(join(root, 'Music'), 1, 50);
    const there = await sees(host, 'all is there too', ({ standing }) => standing.archived === 5);
    expect(there.archive).toMatchObject({ kind: 'server', email: EMAIL });
    expect(await host.calls.useArchiveHere(null)).toEqual({ ok: true });
    const here = await sees(
      host,
      'all is here too',
      (s) => s.archive?.kind === 'here' && s.standing.archived === 5,
    );
    expect(here.work?.sent).toBeLessThanOrEqual(1);
    expect(host.faults).toEqual([]);
  });

  test('on this computer that was thrown away is made anew, and nothing is called archived that is not', async () => {
    const root = rootWith(3);
    const first = await startedHere(root, 3);
    await first.close();
    rmSync(join(first.dataFolder, 'archive'), { recursive: true });
    const host = await openTestHost({ roots: [root], dataFolder: first.dataFolder });
    const done = await sees(host, 'all was sent again', ({ work }) => work?.sent === 3);
    expect(done.standing).toMatchObject({ found: 3, archived: 3, waiting: 0 });
  });
});

describe('a library', () => {
  test('that was the last one is taken out: the next is not begun with before Start', async () => {
    const root = rootWith(2);
    const host = await startedHere(root, 2);
    const [library] = (await host.calls.state(null)).libraries;
    await host.calls.forgetLibrary(library?.id ?? 0);
    await sees(host, 'none', ({ libraries, settings }) => libraries.length === 0 && !settings.started);
    writeSongs(join(root, 'Other'), 1, 90);
    expect(await host.calls.addLibrary(await refOf(callsOf(host), root, 'Other'))).toEqual({ ok: true });
    expect(await host.calls.state(null)).toMatchObject({ work: null, standing: { archived: 0 } });
    expect(await host.calls.start(null)).toEqual({ ok: true });
    await sees(host, 'all is archived', ({ standing }) => standing.archived === 1);
  });

  test('that cannot be reached says so in words, keeps its numbers, and goes on when it is back', async () => {
    const root = rootWith(3);
    const host = await startedHere(root, 3);
    renameSync(join(root, 'Music'), join(root, 'Gone'));
    const gone = await sees(host, 'it is gone', ({ libraries }) => libraries[0]?.trouble !== null);
    expect(gone.libraries[0]?.trouble).toMatch(/music folder is not there/);
    expect(gone).toMatchObject({ trouble: null, standing: { found: 3, archived: 3 } });
    renameSync(join(root, 'Gone'), join(root, 'Music'));
    await sees(host, 'it is back', ({ libraries }) => libraries[0]?.trouble === null);
  });
});

describe('who asks beside the page', () => {
  test.each(['with a run under way', 'with nothing under way'])('is heard %s', async (which) => {
    const root = rootWith(2);
    const host = which.includes('nothing') ? await withLibrary(root) : await startedHere(root, 2);
    const db = new Database(ledgerPath(host.dataFolder));
    leaveMessage(db, { kind: 'set', settings: { pause: { until: null }, concurrency: 3 } }, Date.now());
    db.close();
    const told = await sees(host, 'it is heard', ({ settings }) => settings.concurrency === 3);
    expect(told.settings.pause).toEqual({ until: null });
  });
});

describe('a ledger that turns out to be damaged in the middle of the work', () => {
  test('is put aside; what was chosen is kept, and Start goes on without sending anything twice', async () => {
    const root = rootWith(4);
    const host = await startedHere(root, 4);
    damageTables(ledgerPath(host.dataFolder), ['track', 'folder']);
    writeSongs(join(root, 'Music'), 1, 70);

    const told = await sees(
      host,
      'trouble',
      ({ trouble }) => trouble?.message.includes('put aside') === true,
    );
    expect(told).toMatchObject({
      trouble: { code: 'ledger_damaged', message: expect.stringMatching(/Press Start to go on/) },
      work: null,
      libraries: [{ path: join(root, 'Music') }],
      archive: { kind: 'here' },
    });
    expect(await host.calls.start(null)).toEqual({ ok: true });
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 5);
    expect(done).toMatchObject({ trouble: null, work: { sent: 1 } });
  });
});

describe('a ledger whose file is removed while the program is at work', () => {
  test('is begun anew; what was chosen is kept, and Start goes on without sending anything twice', async () => {
    const root = rootWith(4);
    const host = await startedHere(root, 4);
    await host.calls.changeSettings({ exclusions: ['Podcasts/'] });
    await sees(host, 'the setting', ({ settings }) => settings.exclusions.length === 1);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${ledgerPath(host.dataFolder)}${suffix}`);
    writeSongs(join(root, 'Music'), 1, 70);

    const told = await sees(host, 'trouble', ({ trouble }) => trouble?.code === 'ledger_gone');
    expect(told).toMatchObject({
      trouble: { message: expect.stringMatching(/removed or replaced.*Press Start to go on/) },
      work: null,
      libraries: [{ path: join(root, 'Music') }],
      archive: { kind: 'here' },
      settings: { exclusions: ['Podcasts/'] },
    });
    expect(await host.calls.start(null)).toEqual({ ok: true });
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 5);
    expect(done).toMatchObject({ trouble: null, work: { sent: 1 } });
    await host.close();

    const next = await openTestHost({ roots: [root], dataFolder: host.dataFolder });
    const kept = await sees(next, 'it is known again', ({ standing }) => standing.archived === 5);
    expect(kept.settings.exclusions).toEqual(['Podcasts/']);
  });
});

describe('a ledger that is found to be damaged at the start', () => {
  test('gives on what was chosen and excluded; nothing is sent before Start, and nothing twice', async () => {
    const root = rootWith(4);
    const first = await startedHere(root, 4);
    await first.calls.changeSettings({ exclusions: ['Podcasts/'] });
    await first.close();
    damageTables(ledgerPath(first.dataFolder), ['track', 'holding']);
    writeSongs(join(root, 'Music', 'Podcasts'), 1, 70);

    const host = await openTestHost({ roots: [root], dataFolder: first.dataFolder });
    const told = await sees(host, 'trouble', ({ trouble }) => trouble !== null);
    expect(told).toMatchObject({
      trouble: { code: 'ledger_damaged', message: expect.stringMatching(/taken over.*Press Start to go on/) },
      work: null,
      libraries: [{ path: join(root, 'Music') }],
      archive: { kind: 'here' },
      settings: { exclusions: ['Podcasts/'] },
      notices: [],
    });
    expect(await host.calls.start(null)).toEqual({ ok: true });
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 4);
    expect(done).toMatchObject({ trouble: null, standing: { found: 4 }, work: { sent: 0 } });
  });

  test('names the settings that are lost, also after Start', async () => {
    const root = rootWith(1);
    const first = await startedHere(root, 1);
    await first.close();
    damageTables(ledgerPath(first.dataFolder), ['setting']);
    const host = await openTestHost({ roots: [root], dataFolder: first.dataFolder });
    const told = await sees(host, 'trouble', ({ trouble }) => trouble !== null);
    expect(told.trouble?.message).toMatch(/what you exclude.*Choose your folders and the archive again/);
    expect(told).toMatchObject({ libraries: [{ path: join(root, 'Music') }], archive: null });
    await host.calls.useArchiveHere(null);
    expect(await host.calls.start(null)).toEqual({ ok: true });
    const going = await sees(host, 'it goes on', ({ standing }) => standing.archived === 1);
    expect(going).toMatchObject({ trouble: null, work: { sent: 0 } });
    expect(going.notices).toMatchObject([{ message: expect.stringMatching(/what you exclude/) }]);
  });
});

describe('what is told', () => {
  test('is told at once, only when it changed, at most four times a second, and to nobody who left', async () => {
    const root = rootWith(30);
    const host = await withLibrary(root);
    const told: { readonly state: PageState; readonly at: number }[] = [];
    const left: PageState[] = [];
    const leave = host.onState((state) => void left.push(state));
    leave();
    onTestFinished(host.onState((state) => void told.push({ state, at: performance.now() })));
    expect([told.length, left.length]).toEqual([1, 1]);
    await host.calls.useArchiveHere(null);
    await host.calls.start(null);
    await waitFor('all is archived', () => told.at(-1)?.state.standing.archived === 30, {
      timeoutMs: 60_000,
    });
    expect(left).toHaveLength(1);
    for (const [i, { state }] of told.entries()) expect(state).not.toEqual(told[i - 1]?.state);
    const [first, last] = [told[0]?.at ?? 0, told.at(-1)?.at ?? 0];
    // A timer may be late and the next one on time; over the whole it holds.
    expect(told.length).toBeLessThanOrEqual((last - first) / 250 + 2);
  });
});
