import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { KILL_POINTS, type KillPoint } from '../../src-main/engine/kill-points.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { testFolder } from '../kit/test-folder.ts';
import { clientDiesAt, finishWell } from './support/deaths.ts';
import { finishSync, makeWorld, type RunningServer, startServer, type World } from './support/world.ts';

const FILES = 150;
const CONTENTS = 135;
const folder = makeTempFolder('killed-client');
let library: World;
beforeAll(async () => {
  library = await makeWorld(folder, { files: FILES, size: 6_000, duplicates: 0.1 });
});
afterAll(() => removeFolder(folder));

/** The library is only read, so all share it; ledger and archive are new. */
const newWorld = (): World => {
  const own = testFolder('killed-client');
  return { ...library, client: join(own, 'client'), archive: join(own, 'archive') };
};

const serverForTest = async (world: World): Promise<RunningServer> => {
  const server = await startServer(world);
  onTestFinished(async () => {
    server.process.kill();
    await server.process.done;
  });
  return server;
};

/** What the checker says where all is well. */
const ALL = {
  breaches: [],
  counts: { eligible: FILES, archived: FILES, songs: CONTENTS, objects: CONTENTS },
} as const;

/**
 * One life after the other, in the order of a track's way: each goes on where the one before died. What is read runs
 * ahead of what is sent, so its points come first.
 */
const LIVES: readonly (readonly [KillPoint, number])[] = [
  ['scan_batch', 1],
  ['scan_committed', 1],
  ['read_done', 3],
  ['read_committed', 7],
  ['known_answered', 5],
  ['ticket_asked', 6],
  ['ticket_answered', 4],
  ['ticket_committed', 3],
  ['put_started', 5],
  ['put_half', 4],
  ['put_answered', 1],
  ['put_committed', 6],
  ['record_sent', 5],
  ['record_answered', 4],
  ['record_committed', 3],
  ['run_ended', 1],
];
/** Reached otherwise: when a lost ledger learns what the archive has; and with the Rails archive. */
const ELSEWHERE: readonly KillPoint[] = ['known_committed', 'record_intended'];

test('every place at which the client may be killed has its turn', () => {
  const visited = [...LIVES.map(([point]) => point), ...ELSEWHERE];
  expect(visited.toSorted()).toEqual(KILL_POINTS.toSorted());
});

test(
  'the client is killed at every point of the way, each time in another run',
  { timeout: 400_000 },
  async () => {
    const world = newWorld();
    const server = await serverForTest(world);
    for (const [index, [point, nth]] of LIVES.entries())
      await clientDiesAt(world, server.url, `${point}:${nth}`, index + 1);
    expect(await finishWell(world, server, LIVES.length)).toMatchObject(ALL);
  },
);

test(
  'the client is killed while a lost ledger learns anew what the archive has',
  { timeout: 400_000 },
  async () => {
    const world = newWorld();
    const server = await serverForTest(world);
    await finishSync(world, server.url);
    rmSync(world.client, { recursive: true });
    await clientDiesAt(world, server.url, 'known_committed:17');
    expect(await finishWell(world, server)).toMatchObject(ALL);
  },
);
