import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { demandNoBreach, endsByItself, endWell, finishWell } from '../faults/support/deaths.ts';
import {
  CONCURRENT,
  type RunningServer,
  SERVER_ENVIRONMENT,
  serverArguments,
  startServer,
  startSync,
  SYNC_ENVIRONMENT,
  syncArguments,
  type World,
} from '../faults/support/world.ts';
import { killProcess } from '../kit/processes.ts';
import { childrenOf } from './memory.ts';

const MAIN = fileURLToPath(new URL('../../src-main/headless/main.ts', import.meta.url));
/** Which flush of the client's: close together at the start, where ledger and session begin. */
const NTH_OF_CLIENT = [1, 2, 3, 4, 6, 8, 11, 15, 20, 26, 33, 41, 50, 60] as const;
/** Of the archive's: while it starts for the first time, and while objects, folders and rows are written. */
const NTH_OF_ARCHIVE = [1, 3, 6, 10, 15, 20, 25, 31, 38, 46, 55, 65, 80, 100] as const;

type Attempt = (what: string, scenario: (world: World) => Promise<void>) => Promise<void>;

/**
 * Kills at the n-th flush to the disk, wherever in the program that is: the kernel does it, through strace. Returns
 * how many flushes were reached.
 */
export const flushDeaths = async (attempt: Attempt, say: (sentence: string) => void): Promise<number> => {
  if (spawnSync('strace', ['-V']).status !== 0) {
    say('skipped: killing at each flush needs strace, which is not installed');
    return 0;
  }
  let reached = 0;
  const count = (died: boolean): void => {
    if (died) reached += 1;
  };
  for (const nth of NTH_OF_CLIENT)
    await attempt(`client killed at its flush ${nth}`, async (world) => count(await clientCase(world, nth)));
  say(`the client was killed at ${reached} flushes`);
  for (const nth of NTH_OF_ARCHIVE)
    await attempt(`archive killed at its flush ${nth}`, async (world) =>
      count(await archiveCase(world, nth)),
    );
  say(`client and archive were killed at ${reached} flushes`);
  return reached;
};

/** Starts a program that the kernel kills when it flushes for the n-th time. */
const startTraced = (
  nth: number,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams => {
  const flushes = 'fsync,fdatasync';
  const tracing = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${flushes}`];
  return spawn(
    'strace',
    [...tracing, '-e', `inject=${flushes}:signal=KILL:when=${nth}`, process.execPath, MAIN, ...args],
    { env: { ...process.env, ...env } },
  );
};

/** Whether it was killed; false when it came to a good end before the n-th flush. */
const wasKilled = async (child: ChildProcessWithoutNullStreams): Promise<boolean> => {
  let said = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code !== null && code !== 0) throw new Error(`It ended with ${code}.\n${said}`);
  return signal === 'SIGKILL';
};

const clientCase = async (world: World, nth: number): Promise<boolean> => {
  const server = await startServer(world);
  try {
    const died = await wasKilled(
      startTraced(nth, syncArguments(world, server.url, CONCURRENT), SYNC_ENVIRONMENT),
    );
    demandNoBreach(await finishWell(world, server));
    return died;
  } finally {
    server.process.kill();
    await server.process.done;
  }
};

const archiveCase = async (world: World, nth: number): Promise<boolean> => {
  const traced = startTraced(nth, serverArguments(world, 0), SERVER_ENVIRONMENT);
  const killed = wasKilled(traced);
  const url = await Promise.race([addressFrom(traced), killed.then(() => undefined)]);
  if (url === undefined) {
    const server = await startServer(world);
    return endOf(server, async () => demandNoBreach(await finishWell(world, server)), true);
  }
  const client = startSync(world, url);
  try {
    const died = await Promise.race([killed, client.done.then(() => false)]);
    // It lives: no flush of that number came, so it is ended as by a service manager.
    if (!died) for (const pid of childrenOf(traced.pid ?? 0)) killProcess(pid, 'SIGTERM');
    await killed;
    const server = await startServer(world, { port: Number(new URL(url).port) });
    return await endOf(
      server,
      async () => {
        await endsByItself(client);
        demandNoBreach(await endWell(world, server, 1));
      },
      died,
    );
  } finally {
    client.kill();
    await client.done;
  }
};

const endOf = async (server: RunningServer, end: () => Promise<void>, died: boolean): Promise<boolean> => {
  try {
    await end();
    return died;
  } finally {
    server.process.kill();
    await server.process.done;
  }
};

const addressFrom = (child: ChildProcessWithoutNullStreams): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /The archive is at (http:\/\/\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
