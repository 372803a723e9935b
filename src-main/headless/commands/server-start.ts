import { randomInt } from 'node:crypto';
import type { ArchiveConfig } from '../../../server/config.ts';
import { PROBE_POINTS } from '../../../server/probe.ts';
import { type RunningArchive, startArchive } from '../../../server/start.ts';
import { crashPoints } from '../../shell/crash-points.ts';
import { nodeLaunch } from '../launch.ts';
import { openLog, type ServerIo, UsageError } from './server-io.ts';

export interface StartArguments {
  readonly dataDir: string;
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly 'public-url'?: string | undefined;
  readonly 'cors-origin'?: readonly string[] | undefined;
  readonly 'trust-proxy'?: string | undefined;
  readonly 'log-to'?: string | undefined;
}

/** Runs the archive until a signal comes. */
export const startServer = async (args: StartArguments, io: ServerIo): Promise<number> => {
  // Each upload waits for the disk twice. With Node's four threads, twenty of them would mostly wait for each other.
  process.env['UV_THREADPOOL_SIZE'] ??= '16';
  const logger = openLog(args.dataDir, logTarget(args['log-to']));
  const archive = await startArchive({
    config: configOf(args),
    launch: nodeLaunch,
    logger,
    probe: crashPoints(io.env, PROBE_POINTS),
  });
  try {
    await makeFirstAdmin(archive, io);
    io.stdout.write(`The archive is at ${archive.url}\n`);
    io.stdout.write(`It keeps everything in ${args.dataDir}. Ctrl-C stops it.\n`);
    await new Promise<void>((resolve) => {
      const forget = io.onSignal(() => {
        forget();
        resolve();
      });
    });
    io.stdout.write('Stopping.\n');
  } finally {
    await archive.close();
  }
  return 0;
};

const configOf = (args: StartArguments): ArchiveConfig => ({
  dataDir: args.dataDir,
  ...(args.port === undefined ? {} : { port: portOf(args.port) }),
  ...(args.host === undefined ? {} : { host: args.host }),
  ...(args['public-url'] === undefined ? {} : { publicUrl: args['public-url'] }),
  ...(args['cors-origin'] === undefined ? {} : { corsOrigins: [...args['cors-origin']] }),
  ...(args['trust-proxy'] === undefined ? {} : { trustProxy: rangesOf(args['trust-proxy']) }),
});

const portOf = (text: string): number => {
  if (!/^\d{1,5}$/.test(text)) throw new UsageError(`${text} is not a port number.`);
  return Number(text);
};

const rangesOf = (text: string): string[] => text.split(',').map((range) => range.trim());

const logTarget = (text = 'file'): 'file' | 'stderr' => {
  if (text === 'file' || text === 'stderr') return text;
  throw new UsageError('--log-to is file or stderr.');
};

const DEFAULT_EMAIL = 'admin@ledgerline.local';

/** An archive that nobody can sign in to is of no use; so the first start makes somebody. */
const makeFirstAdmin = async ({ accounts }: RunningArchive, io: ServerIo): Promise<void> => {
  if ((await accounts.list()).length > 0) return;
  const email = io.env['LEDGERLINE_ADMIN_EMAIL'] ?? DEFAULT_EMAIL;
  const given = io.env['LEDGERLINE_ADMIN_PASSWORD'];
  const password = given ?? newPassword();
  await accounts.add({ email, role: 'admin', password });
  io.stdout.write(`Made the account ${email} with the role admin.\n`);
  if (given === undefined) {
    io.stdout.write(`Its password is ${password} and is shown only this once.\n`);
  }
};

/** 100 bits in letters and digits that are not mistaken for each other. */
export const newPassword = (): string => {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const group = (): string =>
    Array.from({ length: 5 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return Array.from({ length: 4 }, group).join('-');
};
