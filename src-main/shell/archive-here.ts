import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../../shared/api/auth.ts';
import { startArchive, type RunningArchive } from '../../server/start.ts';
import { connect } from '../engine/archive/connect.ts';
import type { Credentials } from '../engine/archive/session.ts';
import { systemClock } from '../engine/clock.ts';
import { EngineError } from '../engine/errors.ts';
import type { OpenHere } from '../engine/host/reached.ts';
import { RESERVE_BYTES } from '../engine/plan/room.ts';
import type { Launch } from '../../shared/launch.ts';

/** The disk has not room enough for the copies. */
export class NoRoomError extends EngineError {
  readonly code = 'no_room';
  constructor(folder: string, needed: number, free: number) {
    const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
    super(
      `There is not room enough at ${folder}: ${gb(needed)} are to be copied and some should stay free, but only ${gb(free)} are free. Use --data-dir to name a folder on a larger disk.`,
      { folder, needed, free },
    );
  }
}

/** Where the archive on this computer keeps everything. */
export const archiveFolderIn = (dataFolder: string): string => join(dataFolder, 'archive');

/** How the archive inside this program is opened: under the data folder, reached by loopback only, without a password. */
export const openerOfArchiveHere =
  (dataFolder: string, launch: Launch, reserveBytes: number = RESERVE_BYTES): OpenHere =>
  async (http) => {
    const folder = archiveFolderIn(dataFolder);
    const archive = await startArchive({ config: { dataDir: folder, port: 0 }, launch });
    try {
      const credentials: Credentials = { kind: 'mint', mint: () => mintOwner(archive) };
      const connection = await connect(http, archive.url, credentials, systemClock);
      const checkRoom = async (bytes: number): Promise<void> => {
        const { bavail, bsize } = await statfs(folder);
        if (bytes > 0 && bavail * bsize < bytes + reserveBytes)
          throw new NoRoomError(folder, bytes, bavail * bsize);
      };
      return { connection, checkRoom, place: folder, close: () => archive.close() };
    } catch (error) {
      await archive.close();
      throw error;
    }
  };

/** For tests on small disks: what must stay free, in bytes. */
export const reserveFrom = (env: Readonly<Record<string, string | undefined>>): number => {
  const bytes = Number(env['LEDGERLINE_TEST_RESERVE_BYTES'] ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : RESERVE_BYTES;
};

/** The person at this computer: no password, so no log-in from anywhere else. */
const OWNER = 'owner@this.computer';

const mintOwner = async (archive: RunningArchive): Promise<Session> => {
  await archive.accounts.ensure({ email: OWNER, role: 'moderator' });
  return archive.mintSession(OWNER);
};
