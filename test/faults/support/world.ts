import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openMaintenance } from '../../../server/maintenance.ts';
import { type CliOptions, type CliResult, type RunningCli, startCli } from '../../kit/cli.ts';
import { type LibrarySnapshot, snapshotLibrary } from '../../kit/library-snapshot.ts';
import { checkArchive, type CheckOptions } from '../../tools/checker/check-archive.ts';
import type { Verdict } from '../../tools/checker/verdict.ts';
import { generateLibrary } from '../../tools/generator/generate.ts';
import type { LibraryOptions } from '../../tools/generator/plan.ts';

export const EMAIL = 'keeper@example.org';
export const PASSWORD = 'correct horse battery staple';
export const CONCURRENT = 4;

/** A library, a client's data folder and an archive's, with the real programs to run on them. */
export interface World {
  readonly library: string;
  readonly client: string;
  readonly archive: string;
  readonly before: LibrarySnapshot;
}

/** The counts at the end of `sync --json`. */
export interface Summary {
  readonly found: number;
  readonly archived: number;
  readonly already_archived: number;
  readonly moved: number;
  readonly failed: number;
  readonly skipped: number;
  readonly waiting: number;
  readonly puts: number;
  readonly bytes_sent: number;
  readonly seconds: number;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly process: RunningCli;
  /** Politely; fails where it does not end well. */
  readonly stop: () => Promise<void>;
}

export const worldIn = (folder: string): Omit<World, 'before'> => ({
  library: join(folder, 'library'),
  client: join(folder, 'client'),
  archive: join(folder, 'archive'),
});

export const makeWorld = async (folder: string, options: LibraryOptions): Promise<World> => {
  const world = worldIn(folder);
  await generateLibrary({ ...options, out: world.library });
  return { ...world, before: snapshotLibrary(world.library) };
};

export const ledgerOf = ({ client }: Pick<World, 'client'>): string => join(client, 'ledger.db');

/** What makes a program die at the n-th passing of a point; nothing without one. */
export type CrashAt = `${string}:${number}`;

const crashEnvironment = (at: CrashAt | undefined): Record<string, string> =>
  at === undefined ? {} : { LEDGERLINE_CRASH_AT: at };

/** Starts the archive's own process and waits until it listens. */
export const startServer = async (
  { archive }: Pick<World, 'archive'>,
  { crashAt, port = 0, timeoutMs = 180_000 }: { crashAt?: CrashAt; port?: number; timeoutMs?: number } = {},
): Promise<RunningServer> => {
  const server = startCli(serverArguments({ archive }, port), {
    env: { ...SERVER_ENVIRONMENT, ...crashEnvironment(crashAt) },
    timeoutMs,
  });
  const said = await server.says(/The archive is at (http:\/\/127\.0\.0\.1:(\d+))/, { timeoutMs: 30_000 });
  return {
    url: said[1] ?? '',
    port: Number(said[2]),
    process: server,
    stop: async () => {
      server.kill('SIGTERM');
      const { code, stdout, stderr } = await server.done;
      if (code !== 0) throw new Error(`The archive ended with ${code}.\n${stdout}\n${stderr}`);
    },
  };
};

interface SyncOptions extends Pick<CliOptions, 'timeoutMs'> {
  readonly crashAt?: CrashAt;
  readonly concurrent?: number;
}

export const serverArguments = ({ archive }: Pick<World, 'archive'>, port: number): readonly string[] => [
  'server',
  '--port',
  String(port),
  '--data-dir',
  archive,
];
export const SERVER_ENVIRONMENT = {
  LEDGERLINE_ADMIN_EMAIL: EMAIL,
  LEDGERLINE_ADMIN_PASSWORD: PASSWORD,
} as const;

// prettier-ignore
export const syncArguments = (
  { library, client }: Pick<World, 'library' | 'client'>, url: string, concurrent: number,
): readonly string[] => [
  'sync', library, '--url', url, '--username', EMAIL, '--data-dir', client,
  '--concurrent', String(concurrent), '--json',
];
export const SYNC_ENVIRONMENT = { LEDGERLINE_PASSWORD: PASSWORD } as const;

/** The client's own process. Whoever starts it awaits `done`. */
export const startSync = (
  { library, client }: Pick<World, 'library' | 'client'>,
  url: string,
  { crashAt, concurrent = CONCURRENT, ...rest }: SyncOptions = {},
): RunningCli =>
  startCli(syncArguments({ library, client }, url, concurrent), {
    env: { ...SYNC_ENVIRONMENT, ...crashEnvironment(crashAt) },
    ...rest,
  });

export const summaryOf = (result: CliResult): Summary => {
  if (result.json === undefined || result.code === null)
    throw new Error(`No summary (${result.code ?? result.signal}):\n${result.stdout}\n${result.stderr}`);
  return result.json as Summary;
};

/** Runs the client to its end, which must be a good one. */
export const finishSync = async (
  world: Pick<World, 'library' | 'client'>,
  url: string,
  options?: SyncOptions,
): Promise<Summary> => {
  const result = await startSync(world, url, options).done;
  assert.equal(result.code, 0, result.stderr);
  const summary = summaryOf(result);
  assert.equal(sumOf(summary), summary.found, 'the counts do not add up');
  return summary;
};

const sumOf = (s: Summary): number =>
  s.archived + s.already_archived + s.moved + s.failed + s.skipped + s.waiting;

/** The archive's clean-up, of everything that was begun until now. */
export const cleanUp = async ({ archive }: Pick<World, 'archive'>): Promise<void> => {
  const maintenance = await openMaintenance({ dataDir: archive });
  try {
    await maintenance.cleanUp({ olderThanSeconds: 0 });
  } finally {
    await maintenance.close();
  }
};

export const verdictOn = (
  world: World,
  options: Omit<CheckOptions, 'library' | 'ledger' | 'archive' | 'before'> = {},
): Promise<Verdict> =>
  checkArchive({
    library: world.library,
    ledger: ledgerOf(world),
    archive: world.archive,
    before: world.before,
    secrets: [PASSWORD],
    ...options,
  });
