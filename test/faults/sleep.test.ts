import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openLog } from '../../src-main/headless/commands/server-io.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { testFolder } from '../kit/test-folder.ts';
import { waitFor } from '../kit/wait-for.ts';
import { startTestArchive, type TestArchive } from '../server/support/archive.ts';
import { startFaultProxy, type FaultProxy } from '../stand-ins/fault-proxy.ts';
import {
  CONCURRENT,
  EMAIL,
  finishSync,
  makeWorld,
  PASSWORD,
  startSync,
  summaryOf,
  verdictOn,
  type World,
} from './support/world.ts';

const FILES = 8;
/** Much more than the system takes off a program's hands before the other end has read it. */
const BYTES = 10_000_000;
const BYTES_PER_SECOND = 16_000_000;
const TOKEN_SECONDS = 3;
/** Longer than a token lives, and than the archive waits for a body that stands still. */
const ASLEEP_MS = 4_000;

const folder = makeTempFolder('sleep');
let library: World;
beforeAll(async () => {
  library = await makeWorld(folder, { files: FILES, size: BYTES, formats: ['mp3', 'flac'] });
});
afterAll(() => removeFolder(folder));

const puts = (proxy: FaultProxy) => proxy.requests().filter(({ method }) => method === 'PUT');
/** Of an upload that is under way most is with the client still. */
const hasBegun = (proxy: FaultProxy): boolean =>
  puts(proxy).some(
    ({ outcome, requestBytes }) => outcome === 'open' && requestBytes > 0 && requestBytes < BYTES / 5,
  );

const asked = (proxy: FaultProxy, path: RegExp): number =>
  proxy.requests().filter((request) => path.test(request.path)).length;

test.each([
  { what: 'every line is dead', config: {}, pass: () => undefined, signsInAgain: false },
  {
    what: 'every line is dead and its token too',
    config: { tokenLifetimeSeconds: TOKEN_SECONDS },
    pass: () => undefined,
    signsInAgain: true,
  },
  {
    what: 'hours have gone by for the archive, so that tokens and upload addresses are over',
    config: {},
    pass: (archive: TestArchive) => archive.wait(2 * 3600),
    signsInAgain: true,
  },
])(
  'the client sleeps in mid-run and wakes when $what: all is archived, and no song twice',
  { timeout: 120_000 },
  async ({ config, pass, signsInAgain }) => {
    const own = testFolder('sleep');
    // The library is only read, so all share it.
    const world: World = { ...library, client: join(own, 'client'), archive: join(own, 'archive') };
    const server = await startTestArchive({
      config: { stallSeconds: 1, ...config },
      logger: openLog(world.archive, 'file'),
      dataDir: world.archive,
    });
    onTestFinished(() => server.stop());
    await server.archive.accounts.ensure({ email: EMAIL, role: 'moderator' });
    await server.archive.accounts.setPassword(EMAIL, PASSWORD);
    const proxy = await startFaultProxy({ target: server.archive.url });
    onTestFinished(() => proxy.stop());
    proxy.setBandwidth(BYTES_PER_SECOND);
    const client = startSync(world, proxy.origin, { timeoutMs: 90_000 });
    onTestFinished(async () => {
      client.kill();
      await client.done;
    });

    const isOneDone = (): boolean => puts(proxy).some(({ status }) => status === 204);
    await waitFor('an upload to be done', isOneDone, { everyMs: 5 });
    // So slow now that none gets past that moment unseen.
    proxy.setBandwidth(BYTES_PER_SECOND / 8);
    await waitFor('another to be under way', () => hasBegun(proxy), { everyMs: 5 });
    client.kill('SIGSTOP');
    const asleep = sleep(ASLEEP_MS);
    await waitFor('the archive to end what stands still', () =>
      proxy.requests().some(({ status, outcome }) => status === 408 || outcome === 'target gone'),
    );
    await asleep;
    await proxy.goOffline();
    pass(server);
    await proxy.goOnline();
    proxy.setBandwidth(BYTES_PER_SECOND);
    proxy.forgetRequests();
    client.kill('SIGCONT');

    const result = await client.done;
    expect(result).toMatchObject({ code: 0 });
    expect(summaryOf(result)).toMatchObject({ found: FILES, archived: FILES, failed: 0, waiting: 0 });
    // Awake again it had work left, and signed in anew where it had to, without a question.
    expect(asked(proxy, /direct_upload/)).toBeGreaterThan(0);
    expect(asked(proxy, /auth\/(refresh|login)/) > 0).toBe(signsInAgain);

    proxy.setBandwidth(undefined);
    expect(await finishSync(world, proxy.origin)).toMatchObject({ already_archived: FILES, puts: 0 });
    await server.archive.processed();
    await server.archive.cleanUp({ olderThanSeconds: 0 });
    const { breaches, counts } = await verdictOn(world, { cleaned: true, lostAnswers: CONCURRENT });
    expect(breaches).toEqual([]);
    expect(counts).toMatchObject({ eligible: FILES, archived: FILES, songs: FILES, objects: FILES });
  },
);
