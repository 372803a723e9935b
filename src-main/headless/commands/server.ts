import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AccountError, UploadsStuckError } from '../../../server/accounts/account-error.ts';
import { WeakPasswordError } from '../../../server/accounts/password-rules.ts';
import { ConfigError } from '../../../server/config.ts';
import { DatabaseOpenError } from '../../../server/database/open.ts';
import { ArchiveInUseError } from '../../../server/owner.ts';
import { KeyFileError } from '../../../server/signing/keys.ts';
import { dataFolder } from '../../shell/data-folder.ts';
import { DataFolderError } from '../../shell/errors.ts';
import { type ServerIo, UsageError } from './server-io.ts';
import { clean, verify } from './server-care.ts';
import { PROGRAM } from '../typed.ts';
import { startServer } from './server-start.ts';
import { manageUsers } from './server-user.ts';

const USAGE = `Usage:
  ${PROGRAM} server [--port N] [--host H] [--public-url URL]
                    [--cors-origin URL]… [--trust-proxy CIDR[,CIDR]]
                    [--log-to stderr]
  ${PROGRAM} server user add EMAIL [--role admin|moderator|member]
  ${PROGRAM} server user list
  ${PROGRAM} server user role EMAIL admin|moderator|member
  ${PROGRAM} server user password EMAIL
  ${PROGRAM} server user remove EMAIL
  ${PROGRAM} server clean [--older-than HOURS]
  ${PROGRAM} server verify [--read-bytes]

Each takes --data-dir DIR: which archive. Without it, it is the one of this
computer's own runs.

A new account is a moderator unless --role says otherwise. A password is read
from LEDGERLINE_PASSWORD or the first line of the input, or asked for.

Behind a reverse proxy, --trust-proxy names its address (127.0.0.1, say), so
that callers are told apart by the X-Forwarded-For that it sets; without it that
header is ignored and all of them share one limit on wrong passwords.
`;

/** `ledgerline server …`: runs the archive, or looks after one. Resolves to the exit code. */
export const serverCommand = async (argv: readonly string[], io: ServerIo): Promise<number> => {
  try {
    const { values, positionals } = parse(argv);
    if (values.help === true) {
      io.stdout.write(USAGE);
      return 0;
    }
    const archiveDir = values['data-dir'] ?? join(dataFolder(io.env, process.platform, homedir()), 'archive');
    const [command = 'start', ...rest] = positionals;
    switch (command) {
      case 'start':
        demandNone(rest);
        return await startServer({ ...values, dataDir: archiveDir }, io);
      case 'user':
        return await manageUsers(rest, { role: values.role, dataDir: archiveDir }, io);
      case 'clean':
        demandNone(rest);
        return await clean(archiveDir, values['older-than'], io);
      case 'verify':
        demandNone(rest);
        return await verify(archiveDir, values['read-bytes'] === true, io);
      default:
        throw new UsageError(`There is no command server ${command}.`);
    }
  } catch (error) {
    return tell(error, io);
  }
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'data-dir': { type: 'string' },
        'public-url': { type: 'string' },
        'cors-origin': { type: 'string', multiple: true },
        'trust-proxy': { type: 'string' },
        'log-to': { type: 'string' },
        role: { type: 'string' },
        'older-than': { type: 'string' },
        'read-bytes': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const demandNone = (rest: readonly string[]): void => {
  if (rest.length > 0) throw new UsageError(`Unknown: ${rest.join(' ')}`);
};

/** Says what went wrong. What is not ours to explain is thrown on. */
const tell = (error: unknown, io: ServerIo): number => {
  if (error instanceof UsageError) {
    io.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (
    error instanceof ConfigError ||
    error instanceof DataFolderError ||
    error instanceof WeakPasswordError ||
    error instanceof AccountError
  ) {
    io.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (
    error instanceof ArchiveInUseError ||
    error instanceof DatabaseOpenError ||
    error instanceof KeyFileError ||
    error instanceof UploadsStuckError
  ) {
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
  const system = systemTrouble(error);
  if (system === undefined) throw error;
  io.stderr.write(`${system}\n`);
  return 1;
};

const systemTrouble = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return 'Something else already listens on this port. Choose another one with --port.';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'This computer has no such address. Choose another one with --host.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The system does not allow it: ${error.message}`;
    case 'ENOSPC':
      return 'The disk is full.';
    default:
      return undefined;
  }
};
