import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../../shared/api/auth.ts';
import { startArchive, type RunningArchive } from '../../server/start.ts';
import { connect } from '../engine/archive/connect.ts';
import type { Credentials } from '../engine/archive/session.ts';
import { systemClock } from '../engine/clock.ts';
import { EngineError, systemCode } from '../engine/errors.ts';
import { ArchiveAwayError, isArchiveAt } from '../engine/host/archive-place.ts';
import type { OpenHere } from '../engine/host/reached.ts';
import { RESERVE_BYTES } from '../engine/plan/room.ts';
import type { Launch } from '../../shared/launch.ts';

/** The disk has not room enough for the copies. */
export class NoRoomError extends EngineError {
  readonly code = 'no_room';
  constructor(folder: string, needed: number, free: number) {
    const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
    super(
      `There is not room enough at ${folder}: ${gb(needed)} are to be copied and some should stay free, but only ${gb(free)} are free. Choose a folder on a larger disk; on the command line with --data-dir.`,
      { folder, needed, free },
    );
  }
}

/** The archive cannot be opened at the place that was chosen for it. */
export class ArchiveHereError extends EngineError {
  readonly code = 'archive_here';
}

/** Where the archive on this computer keeps everything, unless another folder was chosen. */
export const archiveFolderIn = (dataFolder: string): string => join(dataFolder, 'archive');

/** How the archive inside this program is opened: reached by loopback only, without a password. */
export const openerOfArchiveHere =
  (dataFolder: string, launch: Launch, reserveBytes: number = RESERVE_BYTES): OpenHere =>
  async (http, place) => {
    const chosen = place?.folder ?? undefined;
    const folder = chosen ?? archiveFolderIn(dataFolder);
    if (chosen !== undefined && place?.isNew !== true && !isArchiveAt(chosen))
      throw new ArchiveAwayError(chosen);
    const archive = await start(folder, launch, chosen !== undefined);
    try {
      const credentials: Credentials = { kind: 'mint', mint: () => mintOwner(archive) };
      const connection = await connect(http, archive.url, credentials, systemClock);
      const checkRoom = async (bytes: number): Promise<void> => {
        const { bavail, bsize } = await statfs(folder);
        if (bytes > 0 && bavail * bsize < bytes + reserveBytes)
          throw new NoRoomError(folder, bytes, bavail * bsize);
      };
      const close = async (): Promise<void> => {
        try {
          await archive.close();
        } catch (error) {
          // Of a disk that was pulled out nothing can be closed properly, and nothing is lost by that.
          if (chosen === undefined || isArchiveAt(chosen)) throw error;
        }
      };
      return { connection, checkRoom, place: folder, close };
    } catch (error) {
      await archive.close();
      throw error;
    }
  };

const start = async (folder: string, launch: Launch, isChosen: boolean): Promise<RunningArchive> => {
  try {
    return await startArchive({ config: { dataDir: folder, port: 0 }, launch });
  } catch (error) {
    if (!isChosen) throw error;
    throw inWords(folder, error);
  }
};

/** A folder that a person chose may be in use, full of something else, or not ours to write in. */
const inWords = (folder: string, error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof EngineError) return error;
  const code = systemCode(error);
  // The archive's own errors have words for a person, and codes that look otherwise than the system's.
  if (code !== undefined && !/^[A-Z]/.test(code))
    return new ArchiveHereError(error.message, { folder }, error);
  if (code === undefined) return error;
  return new ArchiveHereError(
    `The archive cannot be kept at ${folder} (${code}). Allow your account to write there, or choose another folder.`,
    { folder },
    error,
  );
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
