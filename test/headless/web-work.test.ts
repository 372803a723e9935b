import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { songListSchema } from '../../shared/api/songs.ts';
import { ledgerPath } from '../../src-main/engine/ledger/ledger.ts';
import { writeSongs } from '../kit/songs.ts';
import { testFolder } from '../kit/test-folder.ts';
import { startTestArchive } from '../server/support/archive.ts';
import { startFaultProxy } from '../stand-ins/fault-proxy.ts';
import { openWeb, type Page, pageOf, refOf } from './support/web.ts';

const EMAIL = 'moderator@example.org';
const PASSWORD = 'tell nobody this one';

/** A real archive with one account, behind a line in which everything can be made to happen. */
const archiveElsewhere = async () => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  const line = await startFaultProxy({ target: server.archive.url });
  onTestFinished(() => line.stop());
  const songs = async (): Promise<number> => {
    const token = await server.tokenOf(EMAIL);
    const answer = await fetch(`${server.archive.url}/api/v1/songs?per_page=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return songListSchema.parse(await answer.json()).count;
  };
  return { server, line, songs, signIn: { url: line.origin, email: EMAIL, password: PASSWORD } };
};

/** A root with a library of so many songs in it. */
const rootWith = (songs: number, bytes?: number): { readonly root: string; readonly music: string } => {
  const root = testFolder('root');
  const music = join(root, 'Music');
  writeSongs(music, songs, 1, bytes);
  return { root, music };
};

const choose = async (page: Page, root: string): Promise<void> => {
  expect(await page.call('addLibrary', await refOf(page, root, 'Music'))).toEqual({ ok: true });
};

describe('a first run in the page', () => {
  test('goes from choosing to all archived; what comes later is archived too', async () => {
    const { root, music } = rootWith(12);
    const world = await openWeb({ roots: [root] });
    const page = await pageOf(world);
    expect(await page.call('start', null)).toMatchObject({ ok: false, field: 'folder' });
    await choose(page, root);
    expect(await page.call('start', null)).toMatchObject({ ok: false, field: null });
    expect(await page.call('useArchiveHere', null)).toEqual({ ok: true });
    const ready = await page.call('state', null);
    expect(ready).toMatchObject({ work: null, trouble: null, archive: { kind: 'here', sameDisk: true } });
    expect(await page.call('start', null)).toEqual({ ok: true });
    expect((await page.call('state', null)).work).not.toBeNull();
    const done = await page.sees('all is archived', ({ standing }) => standing.archived === 12);
    expect(done).toMatchObject({
      standing: { found: 12, archived: 12, failed: 0, skipped: 0, waiting: 0, bytesWaiting: 0 },
      libraries: [{ path: music, trouble: null, standing: { found: 12, archived: 12 } }],
    });
    expect(done.standing.bytesArchived).toBe(done.standing.bytesFound);
    writeSongs(music, 3, 100);
    await page.sees('the new ones are archived', ({ standing }) => standing.archived === 15);
    for (const { standing: s } of page.states)
      expect(s.found).toBe(s.archived + s.failed + s.skipped + s.waiting);
    expect(world.faults).toEqual([]);
  });

  test('a second library is added to a run under way, and forgotten again', async () => {
    const { root } = rootWith(4);
    writeSongs(join(root, 'More'), 3, 50);
    const page = await pageOf(await openWeb({ roots: [root] }));
    await choose(page, root);
    await page.call('useArchiveHere', null);
    await page.call('start', null);
    await page.sees('the first is archived', ({ standing }) => standing.archived === 4);
    expect(await page.call('addLibrary', await refOf(page, root, 'More'))).toEqual({ ok: true });
    const both = await page.sees('both are archived', ({ standing }) => standing.archived === 7);
    expect(both.libraries.map(({ standing }) => standing.archived)).toEqual([4, 3]);
    await page.call('forgetLibrary', both.libraries[0]?.id ?? 0);
    const left = await page.sees('the first is forgotten', ({ libraries }) => libraries.length === 1);
    expect(left.standing).toMatchObject({ found: 3, archived: 3 });
  });
});

describe('pause', () => {
  const HOUR = 3_600_000;
  /** In how many milliseconds it is to end. */
  const lengths: readonly (readonly [
    'until_resumed' | 'hour' | 'tonight',
    (lasts: number | null) => boolean,
  ])[] = [
    ['until_resumed', (lasts) => lasts === null],
    ['hour', (lasts) => lasts !== null && lasts >= HOUR && lasts < HOUR + 60_000],
    // A day is longer where clocks are put back.
    ['tonight', (lasts) => lasts !== null && lasts > 0 && lasts <= 25 * HOUR],
  ];
  test.each(lengths)(
    '%s: nothing is sent, also after the program was started again; resume sends',
    async (length, isRight) => {
      const { root } = rootWith(5);
      const dataFolder = testFolder('data');
      const first = await openWeb({ roots: [root], dataFolder });
      const page = await pageOf(first);
      await choose(page, root);
      await page.call('useArchiveHere', null);
      await page.call('start', null);
      const before = Date.now();
      await page.call('pause', length);
      const { settings } = await page.call('state', null);
      const until = settings.pause?.until ?? null;
      expect(isRight(until === null ? null : until - before)).toBe(true);
      const paused = await page.sees('it is paused', ({ work }) => work?.gate.reason === 'paused');
      await page.sees('nothing is under way', ({ work }) => work?.inFlight.length === 0);
      expect(paused.settings.started).toBe(true);
      writeSongs(join(root, 'Music'), 2, 200);
      await page.sees('the new ones are found', ({ standing }) => standing.found === 7);
      const { archived } = (await page.call('state', null)).standing;
      expect(archived).toBeLessThanOrEqual(5);
      await first.close();

      const again = await pageOf(await openWeb({ roots: [root], dataFolder }));
      const still = await again.sees('still paused', ({ work }) => work?.gate.reason === 'paused');
      expect(still.standing).toMatchObject({ found: 7, archived });
      await again.call('resume', null);
      const done = await again.sees('all is archived', ({ standing }) => standing.archived === 7);
      expect(done.settings.pause).toBeNull();
    },
  );
});

describe('an archive elsewhere', () => {
  test('what is wrong is told beside its field, and nothing is chosen then', async () => {
    const { line, signIn } = await archiveElsewhere();
    const page = await pageOf(await openWeb());
    const cases = [
      [{ ...signIn, password: 'wrong' }, 'password', /does not accept this e-mail and password/],
      [{ ...signIn, password: '' }, 'password', /missing/],
      [{ ...signIn, email: ' ' }, 'email', /e-mail/],
      [{ ...signIn, url: '' }, 'url', /address/],
      [{ ...signIn, url: 'ftp://x' }, 'url', /must begin with http/],
      [{ ...signIn, url: `${line.origin}/music` }, 'url', /root of its address/],
      [{ ...signIn, url: 'http://127.0.0.1:1' }, 'url', /cannot be reached/],
    ] as const;
    for (const [given, field, words] of cases) {
      const told = await page.call('useArchiveAt', given);
      expect(told).toMatchObject({ ok: false, field, message: expect.stringMatching(words) });
      expect(JSON.stringify(told)).not.toContain(PASSWORD);
    }
    expect((await page.call('state', null)).archive).toBeNull();
  });

  test('in clear, on another computer, is asked for only when a person agrees', async () => {
    const page = await pageOf(await openWeb());
    // A name that leads nowhere: what is told shows whether somebody was asked.
    const away = { url: 'http://archive.invalid', email: EMAIL, password: PASSWORD };
    expect(await page.call('useArchiveAt', away)).toEqual({
      ok: false,
      field: 'url',
      message: expect.stringMatching(/not encrypted.*can read your password/),
      confirm: 'inClear',
    });
    const agreed = await page.call('useArchiveAt', { ...away, inClear: true });
    expect(agreed).toEqual({ ok: false, field: 'url', message: expect.stringMatching(/cannot be reached/) });
    const safe = await page.call('useArchiveAt', { ...away, url: 'https://archive.invalid' });
    expect(safe).toEqual({ ok: false, field: 'url', message: expect.stringMatching(/cannot be reached/) });
  });

  test('takes the library; after a new start the same numbers stand there, and it asks to sign in', async () => {
    const { songs, signIn, line } = await archiveElsewhere();
    const { root } = rootWith(6);
    const dataFolder = testFolder('data');
    const first = await openWeb({ roots: [root], dataFolder });
    const page = await pageOf(first);
    await choose(page, root);
    expect(await page.call('useArchiveAt', signIn)).toEqual({ ok: true });
    await page.call('start', null);
    const done = await page.sees('all is archived', ({ standing }) => standing.archived === 6);
    expect(done.archive).toEqual({ kind: 'server', place: line.origin, email: EMAIL });
    expect(JSON.stringify(page.states)).not.toContain(PASSWORD);
    await first.close();

    writeSongs(join(root, 'Music'), 2, 300);
    const again = await pageOf(await openWeb({ roots: [root], dataFolder }));
    const out = await again.sees('it asks', ({ trouble }) => trouble?.code === 'signed_out');
    expect(out).toMatchObject({
      work: null,
      standing: { found: 6, archived: 6 },
      settings: { started: true },
    });
    expect(await again.call('start', null)).toMatchObject({ ok: false, field: 'password' });
    expect(await again.call('useArchiveAt', { ...signIn, password: 'wrong' })).toMatchObject({
      ok: false,
      field: 'password',
    });
    expect(await again.call('useArchiveAt', signIn)).toEqual({ ok: true });
    const more = await again.sees('all is archived', ({ standing }) => standing.archived === 8);
    expect(more).toMatchObject({ trouble: null, standing: { found: 8 } });
    expect(await songs()).toBe(8);
  });

  test('that cannot be reached at the start is asked again until it answers', async () => {
    const { line, signIn } = await archiveElsewhere();
    const { root } = rootWith(3);
    const dataFolder = testFolder('data');
    const first = await openWeb({ roots: [root], dataFolder });
    const page = await pageOf(first);
    await choose(page, root);
    await page.call('useArchiveAt', signIn);
    await page.call('pause', 'until_resumed');
    await page.call('start', null);
    await page.sees('all is archived', ({ standing }) => standing.archived === 3);
    await first.close();

    await line.goOffline();
    writeSongs(join(root, 'Music'), 1, 400);
    const world = await openWeb({ roots: [root], dataFolder, password: PASSWORD });
    const again = await pageOf(world);
    const off = await again.sees('it is offline', ({ work }) => work?.gate.reason === 'offline');
    expect(off).toMatchObject({
      trouble: null,
      work: { gate: { state: 'closed' } },
      standing: { archived: 3 },
    });
    expect(off.work?.gate.message).toMatch(/cannot be reached.*continues by itself/);
    expect(off.work?.gate.nextChange).toBeGreaterThan(0);
    await line.goOnline();
    await again.sees('all is archived', ({ standing }) => standing.archived === 4, { timeoutMs: 60_000 });
    expect(world.faults).toEqual([]);
  });

  test('what it refuses is grouped with words and advice, and tried again when asked to', async () => {
    const { line, signIn, songs } = await archiveElsewhere();
    const { root } = rootWith(4);
    const refusal = line.addRule({
      method: 'POST',
      path: /direct_upload/,
      times: 2,
      fault: {
        kind: 'answer',
        status: 422,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"No"}',
      },
    });
    const page = await pageOf(await openWeb({ roots: [root] }));
    await choose(page, root);
    await page.call('useArchiveAt', signIn);
    await page.call('start', null);
    const { standing } = await page.sees(
      'some are refused, and nothing waits',
      ({ standing: s }) => s.waiting === 0 && s.found === 4,
    );
    expect(refusal.hits()).toBeGreaterThan(0);
    expect(standing.failed).toBeGreaterThan(0);
    const [group, ...others] = await page.call('failures', null);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ count: standing.failed, advice: expect.stringMatching(/Try again/) });
    expect(group?.examples).toHaveLength(standing.failed);
    await page.call('retry', 'another code');
    await page.call('ignore', 'another code');
    expect(await page.call('failures', null)).toHaveLength(1);
    await page.call('ignore', group?.code ?? '');
    const left = await page.sees('they are left out', ({ standing: s }) => s.failed === 0);
    expect(left.standing).toMatchObject({ found: 4, skipped: standing.failed, waiting: 0 });
    expect(await page.call('failures', null)).toMatchObject([
      { code: group?.code, state: 'ignored', count: standing.failed, examples: group?.examples },
    ]);
    expect(group?.examples[0]?.track).toBeGreaterThan(0);
    await page.call('retry', group?.code ?? '');
    await page.sees('all is archived', ({ standing }) => standing.archived === 4);
    expect(await page.call('failures', null)).toEqual([]);
    expect(await songs()).toBe(4);
  });
});

describe('the ledger', () => {
  test('that is damaged is put aside and told as trouble; what is chosen anew goes on without a second copy', async () => {
    const { songs, signIn } = await archiveElsewhere();
    const { root } = rootWith(3);
    const dataFolder = testFolder('data');
    const first = await openWeb({ roots: [root], dataFolder });
    const page = await pageOf(first);
    await choose(page, root);
    await page.call('useArchiveAt', signIn);
    await page.call('start', null);
    await page.sees('all is archived', ({ standing }) => standing.archived === 3);
    await first.close();
    writeFileSync(ledgerPath(dataFolder), 'This is no ledger any more.'.repeat(1_000));

    const again = await pageOf(await openWeb({ roots: [root], dataFolder }));
    const told = await again.sees('trouble', ({ trouble }) => trouble?.code === 'ledger_damaged');
    expect(told).toMatchObject({ work: null, libraries: [], archive: null });
    expect(told.trouble?.message).toMatch(/put aside as .*corrupt.*Choose your folders/);
    await choose(again, root);
    await again.call('useArchiveAt', signIn);
    expect(await again.call('start', null)).toEqual({ ok: true });
    const done = await again.sees('all is archived', ({ standing }) => standing.archived === 3);
    expect(done.trouble).toBeNull();
    expect(await songs()).toBe(3);
  });

  test('settings are changed one by one, kept, and seen by every page', async () => {
    const dataFolder = testFolder('data');
    const first = await openWeb({ dataFolder });
    const [one, other] = [await pageOf(first), await pageOf(first)];
    await one.call('changeSettings', { lineLimit: 1_000_000 });
    await one.call('changeSettings', { nightWindow: { from: '22:00', to: '06:00' }, concurrency: 3 });
    await other.sees('the change', ({ settings }) => settings.concurrency === 3);
    await first.close();
    const again = await pageOf(await openWeb({ dataFolder }));
    expect((await again.call('state', null)).settings).toEqual({
      ...DEFAULT_SETTINGS,
      lineLimit: 1_000_000,
      nightWindow: { from: '22:00', to: '06:00' },
      concurrency: 3,
    });
  });
});
