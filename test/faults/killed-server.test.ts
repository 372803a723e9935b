import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { PROBE_POINTS, type ProbePoint } from '../../server/probe.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { endsByItself, endWell, serverDies } from './support/deaths.ts';
import { type CrashAt, makeWorld, startServer, startSync, type World } from './support/world.ts';

const FILES = 120;
const CONTENTS = 108;
const folder = makeTempFolder('killed-server');
let world: World;
beforeAll(async () => {
  world = await makeWorld(folder, { files: FILES, size: 6_000, duplicates: 0.1 });
});
afterAll(() => removeFolder(folder));

/** One life after the other. The third PUT of a life comes with the second batch of records at the latest. */
const LIVES: readonly (readonly [ProbePoint, number])[] = [
  ['tmp_written', 5],
  ['fsynced', 4],
  ['renamed', 6],
  ['row_committed', 5],
  ['song_committed', 1],
  ['ticket_committed', 3],
  ['job_queued', 2],
];

test('every place at which the archive may be killed has its turn', () => {
  expect(LIVES.map(([point]) => point).toSorted()).toEqual(PROBE_POINTS.toSorted());
});

test(
  'the archive is killed at every point of the way, and the client goes on by itself each time',
  { timeout: 400_000 },
  async () => {
    const deaths = LIVES.map(([point, nth]): CrashAt => `${point}:${nth}`);
    const [first, ...others] = deaths;
    let server = await startServer(world, first === undefined ? {} : { crashAt: first });
    const { port } = server;
    const client = startSync(world, server.url, { timeoutMs: 170_000 });
    onTestFinished(async () => {
      client.kill();
      server.process.kill();
      await Promise.allSettled([client.done, server.process.done]);
    });
    for (const [index, crashAt] of deaths.entries()) {
      await serverDies(server, client, crashAt);
      const next = others[index];
      server = await startServer(world, { port, ...(next === undefined ? {} : { crashAt: next }) });
    }
    await endsByItself(client);
    const { breaches, counts } = await endWell(world, server, deaths.length);
    expect(breaches).toEqual([]);
    expect(counts).toMatchObject({ eligible: FILES, archived: FILES, songs: CONTENTS, objects: CONTENTS });
  },
);
