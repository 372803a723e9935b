import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../../shared/api/auth.ts';
import type { TrackEvent } from '../../shared/run.ts';
import { startArchive, type RunningArchive } from '../../server/start.ts';
import { VERSION } from '../../server/version.ts';
import { connect, type ArchiveConnection } from '../engine/archive/connect.ts';
import { createHttp } from '../engine/archive/http.ts';
import type { Credentials } from '../engine/archive/session.ts';
import { createFingerprinter } from '../engine/audio/fingerprints.ts';
import { systemClock } from '../engine/clock.ts';
import { EngineError } from '../engine/errors.ts';
import { noProbe, type Probe } from '../engine/kill-points.ts';
import { openLedger } from '../engine/ledger/ledger.ts';
import type { Library } from '../engine/ledger/libraries.ts';
import { obeyInbox } from '../engine/ledger/obey.ts';
import { takeOwnership } from '../engine/ledger/owner.ts';
import { checkApartFromData, checkNoOverlap, chosenFolder } from '../engine/library/choose.ts';
import { watchLibraries } from '../engine/library/watch.ts';
import { startRun, type Run } from '../engine/run.ts';
import { nodeLaunch } from './launch.ts';
import { elsewhereWords } from './place-notice.ts';
import { makeDataFolder } from './usable-data-folder.ts';

/** Where to: an archive inside this program, under the data folder, or one that answers at an address. */
export type Destination =
  | { readonly kind: 'here' }
  | { readonly kind: 'server'; readonly url: string; readonly email: string; readonly password: string };

export interface ArchivingOptions {
  readonly dataFolder: string;
  /** As a person named them; relative ones begin at `cwd`. */
  readonly folders: readonly string[];
  readonly cwd: string;
  readonly destination: Destination;
  /** Undefined: as the settings say. */
  readonly concurrency?: number | 'auto' | undefined;
  readonly traditional: boolean;
  readonly watch: boolean;
  readonly acceptDuplicates: boolean;
  /** Asks the archive again for everything that it said it has. */
  readonly recheck: boolean;
  /** What must stay free on the disk of an archive on this computer, in bytes. */
  readonly reserveBytes?: number;
  readonly probe?: Probe;
  /** See RunOptions. */
  readonly settledMs?: number;
  /** One sentence that a person should read once. */
  readonly onNotice: (sentence: string) => void;
  readonly onTrack?: (event: TrackEvent) => void;
}

export interface Archiving {
  readonly run: Run;
  readonly libraries: readonly Library[];
  /** Where the files go, for a person. */
  readonly destination: string;
  /** Lets go of everything; call it when the run is done. */
  readonly close: () => Promise<void>;
}

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

/** What stays free on the disk of an archive on this computer. */
export const RESERVE_BYTES = 10_000_000_000;
/** Two threads feed any disk and line that we have seen; more would only take turns. Small files need but one. */
const FINGERPRINT_THREADS = 2;

/**
 * Puts the whole together for one run: ownership of the data folder, ledger, archive, engine.
 * @throws EngineError of every kind; nothing is left open then
 */
export const beginArchiving = async (options: ArchivingOptions): Promise<Archiving> => {
  const { dataFolder } = options;
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const chosen = options.folders.map((folder) => chosenFolder(folder, options.cwd));
    const folders = chosen.filter(
      (folder, i) => chosen.findIndex((other) => Buffer.compare(other, folder) === 0) === i,
    );
    for (const folder of folders) {
      checkApartFromData(folder, dataFolder);
      checkNoOverlap(folder, folders);
    }

    makeDataFolder(dataFolder);
    const ownership = takeOwnership(dataFolder, 'ledgerline sync');
    closing.push(ownership.release);
    const ledger = openLedger(dataFolder, nodeLaunch.sqlFolder('ledger'), new Date());
    closing.push(ledger.close);
    if (ledger.setAside !== undefined)
      options.onNotice(
        `The ledger was damaged and was put aside as ${ledger.setAside}. A new one is made from your files and from what the archive has.`,
      );

    // Said while nobody was listening any more; what is named now comes after it.
    await ledger.commit(() => obeyInbox(ledger));
    const known = ledger.libraries.all().map(({ path }) => path);
    for (const folder of folders) checkNoOverlap(folder, known);
    const libraries = await ledger.commit(() =>
      folders.map((folder) => ledger.libraries.ensure(folder, Date.now())),
    );

    const elsewhere = ledger.archives.lastElsewhere();
    if (options.destination.kind === 'here' && elsewhere !== undefined)
      options.onNotice(elsewhereWords(elsewhere, Date.now()));

    const fingerprinter = createFingerprinter({ launch: nodeLaunch, threads: FINGERPRINT_THREADS });
    closing.push(fingerprinter.close);
    // While we sign in, the threads get ready.
    fingerprinter.warm();
    const http = createHttp(`Ledgerline/${VERSION}`);
    closing.push(http.dropConnections);
    const { connection, checkRoom, place } = await reach(options, http, closing);

    const run = await startRun({
      ledger,
      connection,
      libraries,
      launch: nodeLaunch,
      fingerprinter,
      clock: systemClock,
      probe: options.probe ?? noProbe,
      concurrency: options.concurrency,
      traditional: options.traditional,
      watch: options.watch,
      acceptDuplicates: options.acceptDuplicates,
      recheck: options.recheck,
      place,
      ...(options.settledMs === undefined ? {} : { settledMs: options.settledMs }),
      ...(options.onTrack === undefined ? {} : { onTrack: options.onTrack }),
      ...(checkRoom === undefined ? {} : { checkRoom }),
    });
    if (options.watch) {
      const watch = watchLibraries({ libraries, onHint: run.rescan, onLimited: options.onNotice });
      closing.push(watch.close);
    }
    return { run, libraries, destination: place, close };
  } catch (error) {
    await close();
    throw error;
  }
};

interface Reached {
  readonly connection: ArchiveConnection;
  readonly checkRoom?: (bytes: number) => Promise<void>;
  readonly place: string;
}

const reach = async (
  options: ArchivingOptions,
  http: ReturnType<typeof createHttp>,
  closing: (() => Promise<void> | void)[],
): Promise<Reached> => {
  const { destination } = options;
  if (destination.kind === 'server') {
    const { email, password, url } = destination;
    const connection = await connect(http, url, { kind: 'password', email, password }, systemClock);
    return { connection, place: connection.origin };
  }
  const folder = join(options.dataFolder, 'archive');
  const archive = await startArchive({ config: { dataDir: folder, port: 0 }, launch: nodeLaunch });
  closing.push(() => archive.close());
  const credentials: Credentials = { kind: 'mint', mint: () => mintOwner(archive) };
  const connection = await connect(http, archive.url, credentials, systemClock);
  const checkRoom = async (bytes: number): Promise<void> => {
    const { bavail, bsize } = await statfs(folder);
    const reserve = options.reserveBytes ?? RESERVE_BYTES;
    if (bytes > 0 && bavail * bsize < bytes + reserve) throw new NoRoomError(folder, bytes, bavail * bsize);
  };
  return { connection, checkRoom, place: folder };
};

/** The person at this computer: no password, so no log-in from anywhere else. */
const OWNER = 'owner@this.computer';

const mintOwner = async (archive: RunningArchive): Promise<Session> => {
  await archive.accounts.ensure({ email: OWNER, role: 'moderator' });
  return archive.mintSession(OWNER);
};
