import type { ChosenArchive } from '../../../shared/settings.ts';
import { connect, type ArchiveConnection } from '../archive/connect.ts';
import type { Http } from '../archive/http.ts';
import type { Credentials, OnSession } from '../archive/session.ts';
import type { Clock } from '../clock.ts';
import { ArchiveAwayError } from './archive-place.ts';

/** An archive that we are signed in to. */
export interface Reached {
  readonly connection: ArchiveConnection;
  /** Where it is, for people. */
  readonly place: string;
  /** Throws where there is no room for so many bytes. */
  readonly checkRoom?: (bytes: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ChosenPlace {
  /** Of the archive itself; null: where the program keeps everything else. */
  readonly folder: string | null;
  /** A person has just said so: only then one is made where none is, unless it is kept where everything else is. */
  readonly isNew: boolean;
}

/** Opens the archive inside this program. The shell knows how. @throws ArchiveAwayError, EngineError */
export type OpenHere = (http: Http, place?: ChosenPlace) => Promise<Reached>;

/**
 * The archive on this computer that was chosen. In a folder that a person chose only that very archive will do: its disk
 * may be away, or another one in its place.
 * @throws ArchiveAwayError, EngineError
 */
export const reachHere = async (
  openHere: OpenHere,
  http: Http,
  { folder, identity }: Extract<ChosenArchive, { kind: 'here' }>,
): Promise<Reached> => {
  const reached = await openHere(http, { folder, isNew: false });
  if (folder === null || reached.connection.identity === identity) return reached;
  await reached.close();
  throw new ArchiveAwayError(folder, 'another');
};

/** @throws UnreachableError, NotAnArchiveError, WrongPasswordError, SignedOutError, RefusedError */
export const reachServer = async (
  http: Http,
  url: string,
  credentials: Credentials,
  clock: Clock,
  onSession?: OnSession,
): Promise<Reached> => {
  const connection = await connect(http, url, credentials, clock, onSession);
  return { connection, place: connection.origin, close: () => Promise.resolve() };
};
