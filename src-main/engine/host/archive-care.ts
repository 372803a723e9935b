import type { ArchiveStatus } from '../../../shared/bridge/archive-status.ts';
import type { ChosenArchive } from '../../../shared/settings.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { EngineError } from '../errors.ts';
import type { Driver } from './driver.ts';
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

/** Tells the archive that this log-in has ended. Resolves to whether it heard that, where it can; else the log-in's time runs out there. */
export const endLogIn = async ({ kind, client }: ArchiveConnection): Promise<boolean> => {
  if (kind === 'rails') return true;
  try {
    await client.session.end();
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return false;
  }
};
