import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, startServer, startSync, type World } from '../faults/support/world.ts';
import type { CliResult, RunningCli } from '../kit/cli.ts';
import type { Arrivals } from './arrivals.ts';
import type { PlannedKill } from './kill-plan.ts';
import { childrenOf, isRunning, type MemoryWatch } from './memory.ts';

export interface KilledWork {
  readonly server: RunningServer;
  /** Of the last client, which came to its end. */
  readonly result: CliResult;
  readonly kills: { readonly client: number; readonly archive: number };
  /** Milliseconds from the start of the first client's process to the end of the first PUT. */
  readonly firstPutMs: number;
  /** Milliseconds from the first client's start to the last one's end. */
  readonly wholeMs: number;
  /** Helper processes that outlived the archive that had started them. */
  readonly orphans: readonly number[];
}

export interface WorkOptions {
  readonly world: World;
  readonly files: number;
  readonly concurrent: number;
  readonly plan: readonly PlannedKill[];
  readonly arrivals: Arrivals;
  readonly memory: MemoryWatch;
  readonly say: (sentence: string) => void;
}

const LONGEST_MS = 6 * 3_600_000;
/** A client that finds no archive as it starts says so and ends; whoever started it starts it again. */
const FOUND_NO_ARCHIVE = 4;

/** Archives a library while client and archive are killed as planned, and started again each time. */
export const workUnderKills = async (options: WorkOptions): Promise<KilledWork> => {
  const { files, plan, arrivals, memory, say } = options;
  const archive = await startArchiveToKill(options);
  const startedAt = Date.now();
  const client = startClientToKill(options, archive.server().url);
  try {
    for (const { who, share, delayMs, againAfterMs } of plan) {
      while (arrivals.read().length < Math.max(1, share * files)) {
        client.demandAtWork();
        await sleep(50);
      }
      await sleep(delayMs);
      const arrived = arrivals.read().length;
      await (who === 'client' ? client.kill() : archive.kill());
      if (againAfterMs !== undefined) {
        await sleep(againAfterMs);
        await client.kill();
      }
      const twice = againAfterMs === undefined ? '' : ' twice';
      const peak = Math.round((memory.peaks().get('client') ?? Number.NaN) / 1_000_000);
      say(`killed the ${who}${twice} when ${arrived} files had arrived; client's peak so far ${peak} MB`);
    }
    const result = await client.finish();
    const wholeMs = Date.now() - startedAt;
    return {
      server: archive.server(),
      result,
      kills: { client: client.kills(), archive: archive.kills() },
      firstPutMs: (arrivals.read()[0]?.at ?? Number.NaN) - startedAt,
      wholeMs,
      orphans: await archive.orphans(),
    };
  } catch (error) {
    await Promise.all([client.end(), archive.end()]);
    throw error;
  }
};

const startClientToKill = ({ world, concurrent, memory }: WorkOptions, url: string) => {
  let kills = 0;
  let ended: CliResult | undefined;
  /** The one whose end is of interest; undefined while it is being killed. */
  let current: RunningCli | undefined;
  const start = (): void => {
    const started = startSync(world, url, { concurrent, timeoutMs: LONGEST_MS });
    memory.watch('client', started.pid);
    current = started;
    void started.done.then((result) => {
      if (started !== current) return;
      if (result.code === FOUND_NO_ARCHIVE) start();
      else ended = result;
    });
  };
  /** What it ended of, if not of this. */
  const killCurrent = async (): Promise<CliResult | undefined> => {
    const dying = current;
    current = undefined;
    dying?.kill();
    return dying?.done;
  };
  start();
  return {
    kills: () => kills,
    demandAtWork: () => {
      if (ended !== undefined)
        throw new Error(`The client ended before its time, with ${ended.code}.\n${ended.stderr}`);
    },
    async kill() {
      for (let killed = false; !killed;) {
        const result = await killCurrent();
        killed = result?.signal === 'SIGKILL';
        if (!killed && result?.code !== FOUND_NO_ARCHIVE)
          throw new Error(`The client ended by itself with ${result?.code}.\n${result?.stderr}`);
        start();
      }
      kills += 1;
    },
    async finish(): Promise<CliResult> {
      while (ended === undefined) await sleep(20);
      return ended;
    },
    end: killCurrent,
  };
};

const startArchiveToKill = async ({ world, memory }: WorkOptions) => {
  let kills = 0;
  const helpers: number[] = [];
  let server = await startServer(world, { timeoutMs: LONGEST_MS });
  const { port } = server;
  memory.watch('archive', server.process.pid);
  return {
    server: () => server,
    kills: () => kills,
    async kill() {
      helpers.push(...childrenOf(server.process.pid));
      server.process.kill();
      const { signal, code, stderr } = await server.process.done;
      if (signal !== 'SIGKILL') throw new Error(`The archive ended by itself with ${code}.\n${stderr}`);
      kills += 1;
      server = await startServer(world, { port, timeoutMs: LONGEST_MS });
      memory.watch('archive', server.process.pid);
    },
    async orphans(): Promise<readonly number[]> {
      await sleep(1_000);
      return helpers.filter(isRunning);
    },
    async end() {
      server.process.kill();
      await server.process.done;
    },
  };
};
