import { join } from 'node:path';
import { PROBE_POINTS } from '../../server/probe.ts';
import { KILL_POINTS, type KillPoint } from '../../src-main/engine/kill-points.ts';
import {
  clientDiesAt,
  demandNoBreach,
  endsByItself,
  endWell,
  finishWell,
  serverDies,
} from '../faults/support/deaths.ts';
import { type CrashAt, makeWorld, startServer, startSync, type World } from '../faults/support/world.ts';
import { removeFolder } from '../kit/temp-folder.ts';
import { flushDeaths } from './flush-deaths.ts';
import type { PartResult } from './long-run.ts';
import type { SoakOptions } from './options.ts';

const FILES = 40;
/** They come once in a run; the others once for each file. */
const ONCE: ReadonlySet<string> = new Set<KillPoint>(['scan_batch', 'scan_committed', 'run_ended']);
/** Not on the way to an archive of ours with a ledger of one's own; the suite has them. */
const ELSEWHERE: ReadonlySet<string> = new Set<KillPoint>(['known_committed', 'record_intended']);
/** The archive gives tickets and makes songs several at once, so these come less often. */
const IN_GROUPS: ReadonlySet<string> = new Set(['ticket_committed', 'song_committed', 'job_queued']);

const timesOf = (point: string): readonly number[] => {
  if (ONCE.has(point)) return [1];
  return IN_GROUPS.has(point) ? [1, 2, 4] : [1, 17, 33];
};
const casesOf = (points: readonly string[]): readonly CrashAt[] =>
  points
    .filter((point) => !ELSEWHERE.has(point))
    .flatMap((point) => timesOf(point).map((nth): CrashAt => `${point}:${nth}`));

/** Every point at which somebody may be killed, each in a world of its own: what is wrong has no other cause. */
export const pointsRun = async (
  options: SoakOptions,
  say: (sentence: string) => void,
): Promise<PartResult> => {
  const folder = join(options.dir, 'points');
  const library = await makeWorld(folder, { files: FILES, size: 6_000, duplicates: 0.1 });
  const breaches: string[] = [];
  let deaths = 0;
  const attempt = async (what: string, scenario: (world: World) => Promise<void>): Promise<void> => {
    const own = join(folder, 'own');
    const world = { ...library, client: join(own, 'client'), archive: join(own, 'archive') };
    try {
      await scenario(world);
      deaths += 1;
    } catch (error) {
      breaches.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      say(`${what} did not hold`);
    } finally {
      removeFolder(own);
    }
  };
  for (const crashAt of casesOf(KILL_POINTS))
    await attempt(`client killed at ${crashAt}`, (world) => clientCase(world, crashAt));
  say(`the client was killed at ${deaths} points`);
  for (const crashAt of casesOf(PROBE_POINTS))
    await attempt(`archive killed at ${crashAt}`, (world) => archiveCase(world, crashAt));
  say(`client and archive were killed at ${deaths} points`);
  const points = deaths;
  const flushes = await flushDeaths(attempt, say);
  return {
    figures: [
      { name: 'points at which somebody was killed', value: points, unit: '' },
      { name: 'flushes to the disk at which somebody was killed', value: flushes, unit: '' },
    ],
    breaches,
  };
};

const clientCase = async (world: World, crashAt: CrashAt): Promise<void> => {
  const server = await startServer(world);
  try {
    await clientDiesAt(world, server.url, crashAt);
    demandNoBreach(await finishWell(world, server));
  } finally {
    server.process.kill();
    await server.process.done;
  }
};

const archiveCase = async (world: World, crashAt: CrashAt): Promise<void> => {
  let server = await startServer(world, { crashAt });
  const client = startSync(world, server.url);
  try {
    await serverDies(server, client, crashAt);
    server = await startServer(world, { port: server.port });
    await endsByItself(client);
    demandNoBreach(await endWell(world, server, 1));
  } finally {
    client.kill();
    server.process.kill();
    await Promise.allSettled([client.done, server.process.done]);
  }
};
