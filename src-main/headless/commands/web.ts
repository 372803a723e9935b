import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../engine/clock.ts';
import { systemCode } from '../../engine/errors.ts';
import { memorySecrets } from '../../engine/archive/secrets.ts';
import { type HostOptions, openHost } from '../../engine/host/host.ts';
import { KILL_POINTS } from '../../engine/kill-points.ts';
import { archiveFolderIn, openerOfArchiveHere, reserveFrom } from '../../shell/archive-here.ts';
import { USER_AGENT } from '../archiving.ts';
import { crashPoints } from '../../shell/crash-points.ts';
import { stackOf } from '../../shell/errors.ts';
import { PageMissingError, PageUnservableError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { nodeLaunch } from '../launch.ts';
import { demandNone, parseOptions } from '../options.ts';
import { safeText } from '../terminal/safe-text.ts';
import { makeDataFolder } from '../../shell/usable-data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { isLoopback } from '../web/addresses.ts';
import { createFolders } from '../../shell/folders.ts';
import { startWebServer, type WebServer } from '../web/server.ts';
import { WEB_SHELL_CALLS } from '../web/shell-calls.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  root: { type: 'string', multiple: true },
  'data-dir': { type: 'string' },
} as const;

/** As scripts/lib/build.mjs builds it. */
const PAGE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'out', 'renderer');
const DEFAULT_PORT = 4747;
/** Where systems put disks that are plugged in. */
const MOUNTS = ['/media', '/mnt', '/Volumes', '/run/media'];

/** `ledgerline web`: serves the page, and archives what is chosen there, until a signal comes. */
export const webCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('web', argv, OPTIONS);
  demandNone('web', positionals);
  const dataFolder = dataFolderFrom(values['data-dir'], io);
  const port = values.port === undefined ? undefined : portFrom(values.port);
  const { host: address = '127.0.0.1' } = values;
  const pageFolder = io.env['LEDGERLINE_PAGE'] ?? PAGE_FOLDER;
  if (!existsSync(join(pageFolder, 'index.html'))) throw new PageMissingError(pageFolder);
  makeDataFolder(dataFolder);

  const stopped = untilStopped(io);
  const host = await openHost(hostOptions(dataFolder, values.root, io));
  try {
    const server = await startWebServerAt(port, (chosen) =>
      startWebServer(
        { ...host, calls: { ...host.calls, ...WEB_SHELL_CALLS } },
        {
          host: address,
          port: chosen,
          pageFolder,
          onFault: faultTeller(io),
          monotonic: systemClock.monotonic,
        },
      ),
    );
    try {
      if (!isLoopback(address)) io.stderr.write(`${inClearWords(address)}\n`);
      io.stdout.write(`Ledgerline is ready. Open this in your browser:\n\n  ${server.newLink()}\n\n`);
      io.stdout.write(`${hereWords(dataFolder, io)}\n`);
      const forget = linksOnEnter(server, io);
      await stopped.promise;
      forget();
      io.stdout.write('Stopping; the next start continues.\n');
    } finally {
      await server.close();
    }
  } finally {
    await host.close();
    stopped.forget();
  }
  return EXIT.allArchived;
};

const hostOptions = (dataFolder: string, roots: readonly string[] | undefined, io: Io): HostOptions => ({
  dataFolder,
  who: 'ledgerline web',
  launch: nodeLaunch,
  userAgent: USER_AGENT,
  clock: systemClock,
  probe: crashPoints(io.env, KILL_POINTS),
  openHere: openerOfArchiveHere(dataFolder, nodeLaunch, reserveFrom(io.env)),
  reserveBytes: reserveFrom(io.env),
  archiveFolder: archiveFolderIn(dataFolder),
  folders: createFolders(
    roots === undefined ? [homedir(), ...MOUNTS] : roots.map((root) => rootFrom(root, io)),
  ),
  passwordOf: (email) => passwordFrom(io.env, email),
  secrets: memorySecrets(),
  onNotice: (sentence) => void io.stderr.write(`${safeText(sentence)}\n`),
  onFault: faultTeller(io),
});

const rootFrom = (root: string, io: Io): string => {
  const path = resolve(io.cwd, root);
  if (root !== '' && existsSync(path)) return path;
  throw new UsageError(`--root ${root}: there is no such folder.`);
};

/** Whose it is: the account that is named beside it, or any where none is. */
const passwordFrom = (env: Io['env'], email: string): string | undefined => {
  const { LEDGERLINE_USERNAME: username = '', LEDGERLINE_PASSWORD: password = '' } = env;
  return password !== '' && (username === '' || username === email) ? password : undefined;
};

const faultTeller =
  (io: Io) =>
  (error: unknown): void =>
    void io.stderr.write(`${stackOf(error)}\n`);

const portFrom = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new UsageError(`--port ${text} is no port number.`);
};

/** The same port each time, so that the page finds its way back; another one only where nobody named it. */
const startWebServerAt = async (
  port: number | undefined,
  start: (port: number) => Promise<WebServer>,
): Promise<WebServer> => {
  try {
    return await start(port ?? DEFAULT_PORT);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EADDRINUSE' && port === undefined) return start(0);
    throw LISTEN_WORDS[code ?? ''] === undefined
      ? error
      : new PageUnservableError(LISTEN_WORDS[code ?? ''] ?? '', {}, error);
  }
};

const LISTEN_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something else already listens on this port. Choose another one with --port.',
  EADDRNOTAVAIL: 'This computer has no such address. Choose another one with --host.',
  ENOTFOUND: 'This computer has no such address. Choose another one with --host.',
  EACCES: 'The system does not let your account listen on this port. Choose another one with --port.',
};

const inClearWords = (host: string): string =>
  `The page is served at ${host} and not encrypted: whoever is on the way can read along and, with what is read, use it. In a network that is not yours, reach it by ssh instead: ssh -L ${DEFAULT_PORT}:127.0.0.1:${DEFAULT_PORT}.`;

const hereWords = (dataFolder: string, io: Io): string =>
  `It keeps everything in ${safeText(dataFolder)}. The link opens the page once${io.stdin.isTTY === true ? '; Enter prints another' : ''}. Ctrl-C stops.`;

/** For another browser, or a link that grew old. */
const linksOnEnter = (server: WebServer, io: Io): (() => void) => {
  if (io.stdin.isTTY !== true) return () => undefined;
  const print = (): void => void io.stdout.write(`  ${server.newLink()}\n`);
  io.stdin.on('data', print);
  return () => {
    io.stdin.off('data', print);
    io.stdin.pause();
  };
};

/** From the very start; a second Ctrl-C while it tidies up ends the program on the spot. */
const untilStopped = (io: Io): { readonly promise: Promise<void>; readonly forget: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  const forget = io.onSignal((signal) => {
    const now = systemClock.monotonic();
    // npm passes on what the terminal has delivered already.
    if (first !== undefined && signal === 'SIGINT' && now - first > 500) process.exit(EXIT.interrupted);
    first ??= now;
    resolve();
  });
  return { promise, forget };
};
