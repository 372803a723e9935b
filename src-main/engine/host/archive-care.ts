import type { ArchiveStatus } from '../../../shared/bridge/archive-status.ts';
import type { ChosenArchive } from '../../../shared/settings.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { SignedOutError } from '../archive/errors.ts';
import type { Http } from '../archive/http.ts';
import type { Credentials } from '../archive/session.ts';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors.ts';
import type { Driver } from './driver.ts';
import { reachServer } from './reached.ts';
import { troubleOf } from './troubles.ts';

type Told = NonNullable<ArchiveStatus['told']>;

/**
 * How the chosen archive stands, as it tells now; null where none is chosen.
 * @param place where it is, fit to be shown
 */
export const archiveStatus = async (
  archive: ChosenArchive | null,
  place: string,
  driver: Pick<Driver, 'reached' | 'phase' | 'error'>,
): Promise<ArchiveStatus | null> => {
  if (archive === null) return null;
  const reached = driver.reached();
  // What was reached before may be another archive.
  const known = reached?.connection.identity === archive.identity ? reached : undefined;
  const { told, trouble } =
    known?.isOpen === true ? await ask(known.connection) : { told: null, trouble: whyNotInTouch(driver) };
  return {
    place,
    email: archive.kind === 'server' ? archive.email : null,
    signedIn: known?.isOpen === true,
    lastContact: known?.connection.client.lastContact() ?? null,
    told,
    trouble,
  };
};

const ask = async ({
  discovery,
  client,
}: ArchiveConnection): Promise<Pick<ArchiveStatus, 'told' | 'trouble'>> => {
  if (discovery?.features.includes('status') !== true)
    return { told: null, trouble: 'This archive does not tell how it stands.' };
  try {
    const { songs, queue, storage } = await client.status();
    const told: Told = {
      songs,
      queue: { depth: queue.depth, oldestSeconds: queue.oldest_seconds },
      storage: { used: storage.used_bytes, free: storage.free_bytes },
    };
    return { told, trouble: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { told: null, trouble: error.message };
  }
};

const whyNotInTouch = ({ phase, error }: Pick<Driver, 'phase' | 'error'>): string => {
  if (error() !== undefined) return troubleOf(error()).message;
  const now = phase();
  return now.kind === 'offline' ? now.message : 'We get in touch with it when there is something to do.';
};

/** Longer than an archive takes that is there. */
const PATIENCE_MS = 10_000;

/**
 * Tells the archive that this log-in has ended. Resolves to whether it heard that, or there was none there to end; else
 * its time runs out there.
 * @param known what was reached last, be it this archive and in touch or not
 * @param credentials what was kept, for an archive that was not reached since
 */
export const endLogInThere = async (about: {
  readonly archive: Extract<ChosenArchive, { kind: 'server' }>;
  readonly known: ArchiveConnection | undefined;
  readonly credentials: Credentials | undefined;
  readonly http: Http;
  readonly clock: Clock;
}): Promise<boolean> => {
  const patience = new AbortController();
  const tooLong = about.clock.sleep(PATIENCE_MS, patience.signal).then(() => false);
  try {
    return await Promise.race([endIt(about), tooLong]);
  } catch (error) {
    if (error instanceof SignedOutError) return true;
    if (!(error instanceof EngineError)) throw error;
    return false;
  } finally {
    patience.abort();
  }
};

const endIt = async ({
  archive,
  known,
  credentials,
  http,
  clock,
}: Parameters<typeof endLogInThere>[0]): Promise<boolean> => {
  if (known?.identity === archive.identity) {
    if (known.kind !== 'rails') await known.client.session.end();
    return true;
  }
  // A password opens a log-in there only when it is used.
  if (credentials?.kind !== 'refresh') return true;
  const { connection } = await reachServer(http, archive.url, credentials, clock);
  await connection.client.session.end();
  return true;
};
