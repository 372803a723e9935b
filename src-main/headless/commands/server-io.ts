import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import { type Maintenance, openMaintenance } from '../../../server/maintenance.ts';
import { makeDataFolder } from '../../shell/usable-data-folder.ts';

export { UsageError } from '../usage-error.ts';

/** What the server's commands need of the outside world. */
export interface ServerIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back at SIGINT and SIGTERM instead of ending; the answer takes the listener away again. */
  readonly onSignal: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
}

/** JSON lines. Written at once: what the log says happened before a crash did happen. @throws DataFolderError */
export const openLog = (dataDir: string, to: 'file' | 'stderr'): Logger => {
  makeDataFolder(dataDir);
  const dest = to === 'stderr' ? 2 : join(dataDir, 'archive.log');
  return pino(
    {
      redact: {
        paths: ['authorization', '*.authorization', 'headers.authorization', 'password', '*.password'],
      },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest, sync: true, mode: 0o600 }),
  );
};

/** An archive to look after. Where there is none, nothing is made. @throws ConfigError, DataFolderError */
export const openArchive = (dataDir: string): Promise<Maintenance> =>
  openMaintenance({
    dataDir,
    ...(existsSync(join(dataDir, 'archive.db')) ? { logger: openLog(dataDir, 'file') } : {}),
  });

/** From the environment, from the first line of the input, or from a person who is asked without echo. */
export const readPassword = async (io: ServerIo, question: string): Promise<string> => {
  const fromEnvironment = io.env['LEDGERLINE_PASSWORD'];
  if (fromEnvironment !== undefined) return fromEnvironment;
  const asked = io.stdin.isTTY === true;
  if (asked) io.stdout.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: asked });
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return await Promise.race([lines.question(''), ended]);
  } finally {
    lines.close();
    if (asked) io.stdout.write('\n');
  }
};
