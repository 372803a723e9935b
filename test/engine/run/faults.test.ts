import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ArchiveConfig } from '../../../server/config.ts';
import { SignedOutError } from '../../../src-main/engine/archive/errors.ts';
import type { Clock } from '../../../src-main/engine/clock.ts';
import type { Run } from '../../../src-main/engine/run.ts';
import { archiveState, expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { fastClock } from '../../kit/clocks.ts';
import { openEngine, type TestEngine } from '../../kit/engine.ts';
import { ledgerHoldings } from '../../kit/ledger-rows.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

interface Stage {
  readonly world: ArchiveWorld;
  readonly songs: readonly string[];
  readonly data: string;
  readonly folder: string;
  readonly engine: TestEngine;
}

const stage = async (
  options: {
    readonly songs?: number;
    readonly bytes?: number;
    readonly clock?: Clock;
    readonly config?: Omit<Partial<ArchiveConfig>, 'dataDir'>;
    readonly password?: boolean;
  } = {},
): Promise<Stage> => {
  const world = await startArchiveWorld(options.config);
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, options.songs ?? 12, 1, options.bytes);
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: options.password === true ? await world.withPassword() : world.credentials,
    folders: [folder],
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return { world, songs, data, folder, engine };
};

const closedBecause = (run: Run, reason: string): Promise<true> =>
  waitFor(`the run to wait: ${reason}`, () => run.snapshot().gate.reason === reason);

test('fifty answers of create are lost after the songs were made: no song twice, no second PUT', async () => {
  const { world, songs, engine } = await stage({
    songs: 60,
    clock: fastClock(10),
    config: { batchLimit: 1 },
  });
  const lost = world.proxy.addRule({
    method: 'POST',
    path: /create_from_blob/,
    fault: { kind: 'drop-answer' },
    times: 50,
  });
  const { summary } = await engine.sync();
  expect(lost.hits()).toBe(50);
  expect(summary).toMatchObject({ found: 60, archived: 60, failed: 0, waiting: 0, puts: 60 });
  expect(world.puts()).toBe(60);
  expectHolds(world, songs);
});

test('requests of create are lost on the way: asked again, and the bytes are not', async () => {
  const { world, songs, engine } = await stage({ clock: fastClock(10) });
  const lost = world.proxy.addRule({
    method: 'POST',
    path: /create_from_blob/,
    fault: { kind: 'swallow' },
    times: 4,
  });
  const { summary } = await engine.sync();
  expect(lost.hits()).toBe(4);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expect(world.puts()).toBe(12);
  expectHolds(world, songs);
});

test('PUTs are cut in the middle: sent again whole, nothing torn is kept', async () => {
  const { world, songs, engine } = await stage({ clock: fastClock(10), bytes: 60_000 });
  const cut = world.proxy.addRule({
    method: 'PUT',
    fault: { kind: 'cut-request', afterBytes: 20_000 },
    times: 6,
  });
  const { summary } = await engine.sync();
  expect(cut.hits()).toBe(6);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expect(world.puts()).toBe(18);
  expectHolds(world, songs);
});

test('answers of PUT are lost: the archive has the bytes, and they are not sent again', async () => {
  const { world, songs, engine } = await stage({ clock: fastClock(10) });
  const lost = world.proxy.addRule({ method: 'PUT', fault: { kind: 'drop-answer' }, times: 5 });
  const { summary } = await engine.sync();
  expect(lost.hits()).toBe(5);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0 });
  expect(world.puts()).toBe(12);
  expectHolds(world, songs);
});

test('the bearer expires again and again in mid-run: one refresh at a time, no file fails', async () => {
  const { world, songs, engine } = await stage({
    songs: 40,
    config: { tokenLifetimeSeconds: 3, batchLimit: 1 },
    password: true,
  });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 400 }, times: Infinity });
  const run = await engine.start();
  // The archive's clock runs ahead: every token is dead before the client thinks so.
  let puts = 0;
  const ahead = setInterval(() => {
    // Not before it got on with the last one, however slow the machine is.
    if (world.puts() < puts + 4) return;
    puts = world.puts();
    world.server.wait(4);
  }, 100);
  try {
    const { summary } = await run.done;
    expect(summary).toMatchObject({ archived: 40, failed: 0, waiting: 0, puts: 40 });
  } finally {
    clearInterval(ahead);
  }
  expect(engine.events.filter(({ outcome }) => outcome === 'retry' || outcome === 'failed')).toEqual([]);
  const refreshes = world.proxy.requests().filter(({ path }) => path.endsWith('/auth/refresh'));
  expect(refreshes.length).toBeGreaterThan(2);
  expect(refreshes.every(({ status }) => status === 200)).toBe(true);
  expect(world.asked('POST', /auth\/login/)).toBe(1);
  const refused = world.proxy.requests().filter(({ status }) => status === 401).length;
  expect(refreshes.length).toBeLessThanOrEqual(refused);
  expectHolds(world, songs);
});

const endSessions = (world: ArchiveWorld): void => world.server.wait(40 * 24 * 3600);

test('the refresh token is gone too, and the password is known: signed in again, nobody is asked', async () => {
  const { world, songs, engine } = await stage({ password: true });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 150 }, times: Infinity });
  const run = await engine.start({ concurrency: 2 });
  await waitFor('two PUTs', () => world.puts() >= 2);
  endSessions(world);
  const { summary } = await run.done;
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expect(world.asked('POST', /auth\/login/)).toBe(2);
  expectHolds(world, songs);
});

test('the refresh token is gone and the password no longer right: the run ends, what waits is counted, and signed in again it continues', async () => {
  const { world, songs, data, engine } = await stage({ password: true });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 500 }, times: Infinity });
  const run = await engine.start({ concurrency: 2 });
  await waitFor('two PUTs', () => world.puts() >= 2);
  await world.server.archive.accounts.setPassword('moderator@example.org', 'quite another password');
  endSessions(world);
  await expect(run.done).rejects.toThrow(SignedOutError);
  const { totals } = run.snapshot();
  expect(totals.failed).toBe(0);
  expect(totals.waiting).toBeGreaterThan(0);
  expect(totals.waiting + totals.archived).toBe(12);
  expect(ledgerHoldings(data).filter(({ state }) => state === 'failed')).toEqual([]);
  await engine.close();
  world.proxy.clearRules();
  const again = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [testLibraryOf(engine)],
  });
  expect((await again.sync()).summary).toMatchObject({ found: 12, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

const testLibraryOf = ({ events }: TestEngine): string => {
  const path = events[0]?.path ?? '';
  return path.slice(0, path.indexOf('/Album'));
};

test.each([429, 503])(
  '%i with Retry-After: nobody asks before that time, and no attempt is counted',
  async (status) => {
    const { world, songs, data, engine } = await stage();
    world.proxy.addRule({
      method: 'POST',
      path: /direct_upload/,
      fault: { kind: 'answer', status, headers: { 'retry-after': '2' } },
    });
    const run = await engine.start();
    await closedBecause(run, 'archive_busy');
    await sleep(200);
    const before = [world.puts(), world.asked('POST', /songs/)];
    await sleep(1_000);
    expect([world.puts(), world.asked('POST', /songs/)]).toEqual(before);
    expect(ledgerHoldings(data).every(({ attempts }) => attempts === 0)).toBe(true);
    const { summary } = await run.done;
    expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0 });
    expect(engine.events.every(({ outcome }) => outcome === 'archived')).toBe(true);
    expectHolds(world, songs);
  },
);

test.each(['0', new Date(0).toUTCString()])(
  'Retry-After %s on every ticket: it is asked at most once a second for all that',
  async (header) => {
    const { world, data, engine } = await stage();
    world.proxy.addRule({
      method: 'POST',
      path: /direct_upload/,
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': header } },
      times: Infinity,
    });
    const run = await engine.start({ concurrency: 2 });
    await closedBecause(run, 'archive_busy');
    await sleep(1_500);
    // Two at once, in the first second and the second one.
    expect(world.asked('POST', /direct_upload/)).toBeLessThanOrEqual(6);
    expect(ledgerHoldings(data).every(({ attempts, state }) => attempts === 0 && state === 'open')).toBe(
      true,
    );
    run.stop();
    expect((await run.done).summary).toMatchObject({ waiting: 12, failed: 0 });
  },
);

test.each([500, 502, 503])(
  'an outage of %i answers from everything longer than any file is patient: all wait, none fails',
  async (status) => {
    const { world, songs, engine } = await stage({ clock: fastClock(600) });
    const down = world.proxy.addRule({
      fault: {
        kind: 'answer',
        status,
        headers: { 'content-type': 'text/html' },
        body: '<h1>Bad Gateway</h1>',
      },
      times: Infinity,
    });
    const run = await engine.start();
    await closedBecause(run, 'offline');
    await waitFor('many looks', () => down.hits() >= 25);
    expect(run.snapshot().totals).toMatchObject({ waiting: 12, failed: 0 });
    down.remove();
    const { summary } = await run.done;
    expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
    expectHolds(world, songs);
  },
);

test('a proxy does not find the archive for a while and says 404, or 403, in its own words: all wait, none is refused', async () => {
  const { world, songs, engine } = await stage({ clock: fastClock(60) });
  for (const status of [404, 403]) {
    const fault = { kind: 'answer', status, body: `${status} page not found` } as const;
    world.proxy.addRule({ path: /api/, fault, times: 12, skip: 4 });
  }
  const { summary } = await engine.sync();
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('single 500s cost a retry of their file only', async () => {
  const { world, songs, engine } = await stage({ clock: fastClock(10) });
  const broken = world.proxy.addRule({ method: 'PUT', fault: { kind: 'answer', status: 500 }, times: 4 });
  const { summary } = await engine.sync();
  expect(broken.hits()).toBe(4);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test.each([
  { what: 'a 200 with a page of the hotel', status: 200, headers: { 'content-type': 'text/html' } },
  { what: 'a 200 with JSON that is not ours', status: 200, headers: { 'content-type': 'application/json' } },
  {
    what: 'a way to the log-in page of the hotel',
    status: 302,
    headers: { location: 'http://portal.invalid/' },
  },
])(
  'a captive portal answers everything with $what: offline, nothing is taken for archived, and it continues by itself',
  async ({ status, headers }) => {
    const { world, songs, engine } = await stage({ clock: fastClock(600) });
    const body = headers['content-type'] === 'application/json' ? '{"login":"please"}' : '<h1>Welcome</h1>';
    const portal = world.proxy.addRule({ fault: { kind: 'answer', status, headers, body }, times: Infinity });
    const run = await engine.start();
    await closedBecause(run, 'offline');
    await waitFor('many looks', () => portal.hits() >= 20);
    expect(run.snapshot().totals).toMatchObject({ archived: 0, already_archived: 0, failed: 0, waiting: 12 });
    expect(run.snapshot().gate.message).toContain('continues by itself');
    expect(archiveState(world.server.dataDir).songs).toEqual([]);
    portal.remove();
    const { summary } = await run.done;
    expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
    expectHolds(world, songs);
  },
);

test('connections are refused for a while: everything waits, no attempt is counted, and it continues by itself', async () => {
  const { world, songs, data, engine } = await stage({ clock: fastClock(600) });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 100 }, times: Infinity });
  const run = await engine.start();
  await waitFor('two PUTs', () => world.puts() >= 2);
  await world.proxy.goOffline();
  await closedBecause(run, 'offline');
  // By the engine's clock much longer than eight attempts last.
  await sleep(1_000);
  expect(run.snapshot().totals.failed).toBe(0);
  expect(ledgerHoldings(data).every(({ attempts }) => attempts === 0)).toBe(true);
  await world.proxy.goOnline();
  const { summary } = await run.done;
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('the archive is stopped and started again in mid-run, on another port behind the same name', async () => {
  const { world, songs, engine } = await stage({ songs: 30, clock: fastClock(20) });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 50 }, times: Infinity });
  const run = await engine.start();
  await waitFor('some PUTs', () => world.puts() >= 8);
  await world.restart();
  const { summary } = await run.done;
  expect(summary).toMatchObject({ archived: 30, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('the line swallows everything: a stop does not wait for answers, and the next run continues', async () => {
  const { world, songs, engine } = await stage();
  const run = await engine.start({ concurrency: 2 });
  await waitFor('two PUTs', () => world.puts() >= 2);
  world.proxy.freeze();
  await sleep(300);
  run.stop();
  const { interrupted, summary } = await run.done;
  expect(interrupted).toBe(true);
  expect(summary.failed).toBe(0);
  world.proxy.thaw();
  expect((await engine.sync()).summary).toMatchObject({ found: 12, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('the archive is full for a while: nothing fails, nothing is half stored, and it continues by itself', async () => {
  const { world, songs, data, engine } = await stage({ clock: fastClock(60) });
  const full = world.proxy.addRule({ method: 'PUT', fault: { kind: 'answer', status: 507 }, times: 6 });
  const run = await engine.start();
  await closedBecause(run, 'archive_full');
  expect(ledgerHoldings(data).every(({ attempts, state }) => attempts === 0 && state !== 'failed')).toBe(
    true,
  );
  const { summary } = await run.done;
  expect(full.hits()).toBe(6);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expectHolds(world, songs);
});

test('one file is too large for a nearly full archive: the others go on, it is listed, and the run ends', async () => {
  // An hour passes in 3.6 seconds.
  const { world, songs, data, folder, engine } = await stage({ clock: fastClock(1_000) });
  const large = writeSong(folder, 'Album 0/0 large.mp3', { seed: 900, bytes: 17_000_000 });
  const rule = world.proxy.addRule({
    method: 'PUT',
    longerThan: 10_000_000,
    fault: { kind: 'answer', status: 507 },
    times: 100,
  });
  const run = await engine.start({ concurrency: 2 });
  const reasons = new Set<string | undefined>();
  const watching = setInterval(() => reasons.add(run.snapshot().gate.reason), 20);
  const { summary } = await run.done.finally(() => clearInterval(watching));
  expect(reasons).not.toContain('archive_full');
  expect(summary).toMatchObject({ found: 13, archived: 12, failed: 1, waiting: 0, puts: 12 });
  expect(ledgerHoldings(data).filter(({ state }) => state === 'failed')).toMatchObject([
    { failure_code: 'archive_full', failure_class: 'retry' },
  ]);
  expectHolds(world, songs);
  expect(rule.hits()).toBeGreaterThan(5);
  rule.remove();
  expect((await engine.sync()).summary).toMatchObject({ archived: 1, already_archived: 12, failed: 0 });
  expectHolds(world, [...songs, large]);
});

test('a library of nothing but large files waits for a full archive like any other, and none is blamed', async () => {
  const { world, data, folder, engine } = await stage({ songs: 0, clock: fastClock(600) });
  const songs = [1, 2, 3, 4, 5, 6].map((n) =>
    writeSong(folder, `Album/${n}.mp3`, { seed: n, bytes: 17_000_000 }),
  );
  const full = world.proxy.addRule({
    method: 'PUT',
    fault: { kind: 'answer', status: 507 },
    times: Infinity,
  });
  const run = await engine.start({ concurrency: 2 });
  await closedBecause(run, 'archive_full');
  // An hour of it, and each asked for more than once.
  await sleep(6_000);
  await expect.poll(() => full.hits(), { timeout: 60_000 }).toBeGreaterThan(8);
  expect(ledgerHoldings(data).filter(({ state }) => state === 'failed')).toEqual([]);
  full.remove();
  expect((await run.done).summary).toMatchObject({ archived: 6, failed: 0, waiting: 0, puts: 6 });
  expectHolds(world, songs);
});

test('an archive that gives fewer answers than there are questions is none for now: all wait, none is blamed', async () => {
  const { world, songs, engine } = await stage();
  const rule = world.proxy.addRule({
    method: 'POST',
    path: /direct_uploads$/,
    fault: {
      kind: 'answer',
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: '{"results":[]}',
    },
    times: 3,
  });
  const { summary } = await engine.sync();
  expect(rule.hits()).toBe(3);
  expect(summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expectHolds(world, songs);
});

test('an archive that gives one number to every song is not followed for ever', async () => {
  const { engine } = await stage({ songs: 3 });
  const { client } = engine.connection;
  const record = client.record;
  Object.assign(client, {
    known: async () => null,
    record: async (item: Parameters<typeof record>[0]) => ({ ...(await record(item)), id: 1 }),
  });
  const { summary } = await engine.sync();
  expect(summary.found).toBe(3);
  expect(summary.archived + summary.already_archived).toBeLessThanOrEqual(1);
  expect(summary.failed).toBeGreaterThanOrEqual(2);
  expect(summary.waiting).toBe(0);
});

test('an upload address runs out on the way: a new one is asked for', async () => {
  const { world, songs, engine } = await stage({
    songs: 4,
    clock: fastClock(10),
    config: { ticketLifetimeSeconds: 4 },
  });
  const late = world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 5_000 }, times: 3 });
  const { summary } = await engine.sync();
  expect(late.hits()).toBe(3);
  expect(summary).toMatchObject({ archived: 4, failed: 0, waiting: 0, puts: 4 });
  expect(world.puts()).toBe(7);
  expectHolds(world, songs);
});

test('the archive lost bytes after it took them: they are sent once more', async () => {
  const { world, songs, engine } = await stage({ songs: 3, clock: fastClock(10) });
  world.proxy.addRule({
    method: 'POST',
    path: /create_from_blobs/,
    fault: {
      kind: 'answer',
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({
        type: 'about:blank',
        title: 'gone',
        status: 409,
        detail: 'gone',
        code: 'not_uploaded',
        error: 'gone',
      }),
    },
  });
  const { summary } = await engine.sync();
  expect(summary).toMatchObject({ archived: 3, failed: 0, waiting: 0 });
  expect([...archiveState(world.server.dataDir).songs].toSorted()).toEqual([...songs].toSorted());
});

test('a polite end finishes what is under way and starts nothing new; the next run does the rest', async () => {
  const { world, songs, engine } = await stage({ songs: 20 });
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 100 }, times: Infinity });
  const run = await engine.start({ concurrency: 2 });
  await waitFor('two PUTs', () => world.puts() >= 2);
  run.drain();
  const { interrupted, summary } = await run.done;
  expect(interrupted).toBe(true);
  expect(summary.failed).toBe(0);
  expect(summary.waiting).toBeGreaterThan(0);
  expect(summary.archived).toBe(world.puts());
  const next = await engine.sync();
  expect(next.summary).toMatchObject({ found: 20, failed: 0, waiting: 0, puts: summary.waiting });
  expect(world.puts()).toBe(20);
  expectHolds(world, songs);
});

test('while it waits, the owner loop rests', async () => {
  const { world, engine } = await stage();
  const run = await engine.start();
  await world.proxy.goOffline();
  await closedBecause(run, 'offline');
  const before = process.cpuUsage();
  await sleep(1_500);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(750);
  run.stop();
  await run.done;
});
