import type { TrackEvent } from '../../shared/run.ts';
import type { ChosenArchive } from '../../shared/settings.ts';
import { VERSION } from '../../server/version.ts';
import type { Http } from '../engine/archive/http.ts';
import { systemClock } from '../engine/clock.ts';
import { beginRun } from '../engine/host/begin-run.ts';
import { type Reached, reachHere, reachServer } from '../engine/host/reached.ts';
import { openWorkplace } from '../engine/host/workplace.ts';
import { noProbe, type Probe } from '../engine/kill-points.ts';
import type { Library } from '../engine/ledger/libraries.ts';
import { setAsideWords } from '../engine/ledger/set-aside-words.ts';
import {
  checkApartFromArchive,
  checkApartFromData,
  checkNoOverlap,
  chosenFolder,
} from '../engine/library/choose.ts';
import type { Run } from '../engine/run.ts';
import { openerOfArchiveHere } from '../shell/archive-here.ts';
import { nodeLaunch } from './launch.ts';
import { elsewhereWords } from './place-notice.ts';
import { makeDataFolder } from '../shell/usable-data-folder.ts';

/** What we call ourselves to an archive. */
export const USER_AGENT = `Ledgerline/${VERSION}`;

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
    const workplace = await openWorkplace({
      dataFolder,
      who: 'ledgerline sync',
      launch: nodeLaunch,
      userAgent: USER_AGENT,
    });
    closing.push(workplace.close);
    const { ledger } = workplace;
    if (ledger.setAside !== undefined) options.onNotice(setAsideWords(ledger.setAside));

    const known = ledger.libraries.all().map(({ path }) => path);
    const { archive } = ledger.settings.read();
    for (const folder of folders) {
      checkNoOverlap(folder, known);
      if (archive?.kind === 'here' && archive.folder !== null) checkApartFromArchive(folder, archive.folder);
    }
    const libraries = await ledger.commit(() =>
      folders.map((folder) => ledger.libraries.ensure(folder, Date.now())),
    );

    const elsewhere = ledger.archives.lastElsewhere();
    if (options.destination.kind === 'here' && elsewhere !== undefined)
      options.onNotice(elsewhereWords(elsewhere, Date.now()));

    // While we sign in, the threads get ready.
    workplace.fingerprinter.warm();
    const reached = await reach(options, workplace.http, archive);
    closing.push(reached.close);

    const { run, close: closeRun } = await beginRun({
      workplace,
      reached,
      libraries,
      launch: nodeLaunch,
      clock: systemClock,
      probe: options.probe ?? noProbe,
      concurrency: options.concurrency,
      traditional: options.traditional,
      watch: options.watch,
      acceptDuplicates: options.acceptDuplicates,
      recheck: options.recheck,
      ...(options.settledMs === undefined ? {} : { settledMs: options.settledMs }),
      onNotice: options.onNotice,
      ...(options.onTrack === undefined ? {} : { onTrack: options.onTrack }),
    });
    closing.push(closeRun);
    return { run, libraries, destination: reached.place, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const reach = (
  { destination, dataFolder, reserveBytes }: ArchivingOptions,
  http: Http,
  chosen: ChosenArchive | null,
): Promise<Reached> => {
  if (destination.kind === 'here') {
    const openHere = openerOfArchiveHere(dataFolder, nodeLaunch, reserveBytes);
    // A second copy in another place is nobody's wish.
    return chosen?.kind === 'here' ? reachHere(openHere, http, chosen) : openHere(http);
  }
  const { email, password, url } = destination;
  return reachServer(http, url, { kind: 'password', email, password }, systemClock);
};
