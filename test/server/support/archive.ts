import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Role } from '../../../shared/api/auth.ts';
import type { ArchiveConfig } from '../../../server/config.ts';
import type { Probe } from '../../../server/probe.ts';
import { type RunningArchive, startArchive } from '../../../server/start.ts';
import { contradictions, tempFiles } from './look.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';

export interface TestArchive {
  readonly archive: RunningArchive;
  readonly dataDir: string;
  /** Moves the archive's clock on. */
  wait(seconds: number): void;
  /** A bearer token of a new or known account. */
  tokenOf(email: string, role?: Role): Promise<string>;
  /** Stops the archive and starts it again on the same folder. */
  restart(whileStopped?: () => void): Promise<void>;
  /** Also looks whether what is left on the disk fits together, and throws where it does not. */
  stop(): Promise<void>;
}

interface Options {
  readonly config?: Omit<Partial<ArchiveConfig>, 'dataDir'>;
  readonly logger?: Logger;
  readonly probe?: Probe;
  /** Instead of a new folder under the system's temporary one. */
  readonly dataDir?: string;
}

/** A real archive on a free port of 127.0.0.1, in a folder of its own, with a clock that the test moves. */
export const startTestArchive = async ({
  config = {},
  logger,
  probe,
  dataDir = mkdtempSync(join(tmpdir(), 'ledgerline-archive-')),
}: Options = {}): Promise<TestArchive> => {
  let ahead = 0;
  const start = (): Promise<RunningArchive> =>
    startArchive({
      config: { port: 0, ...config, dataDir },
      launch: nodeLaunch,
      clock: () => Date.now() + ahead,
      ...(logger === undefined ? {} : { logger }),
      ...(probe === undefined ? {} : { probe }),
    });
  let archive = await start();
  return {
    get archive() {
      return archive;
    },
    dataDir,
    wait: (seconds) => {
      ahead += seconds * 1000;
    },
    async tokenOf(email, role = 'moderator') {
      await archive.accounts.ensure({ email, role });
      return (await archive.mintSession(email)).api_token;
    },
    async restart(whileStopped) {
      await archive.close();
      whileStopped?.();
      archive = await start();
    },
    async stop() {
      await archive.close();
      const wrong = [...contradictions(dataDir), ...tempFiles(dataDir).map((name) => `tmp/${name} is left`)];
      if (wrong.length > 0)
        throw new Error(`The archive's folder does not fit together: ${wrong.join('; ')}`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
