import { join } from 'node:path';
import { coverSchema } from '../../../shared/bridge/fields.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { type ChosenArchive, DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import type { Secrets } from '../archive/secrets.ts';
import type { Clock } from '../clock.ts';
import { openCovers } from '../covers/covers.ts';
import type { Probe } from '../kill-points.ts';
import { obeyInbox } from '../ledger/obey.ts';
import { pathOnDisk } from '../library/place.ts';
import { foundIn, NO_TRACKS, sumOf } from '../ledger/totals.ts';
import { isAway } from './archive-place.ts';
import { beginRun } from './begin-run.ts';
import {
  type Books,
  type Chosen,
  type LedgerSetAsideError,
  openBooks,
  restore,
  setAsideError,
} from './books.ts';
import { type Calls, createCalls } from './calls.ts';
import { createDriver, type Driver, type Phase, signedOut } from './driver.ts';
import type { Folders } from './folders.ts';
import { createNotices } from './notices.ts';
import { createPlanning } from './planning.ts';
import { createLogIns } from './log-ins.ts';
import { createNights } from './nights.ts';
import { pageState, readTotals } from './page-state.ts';
import { type OpenHere, type Reached, reachHere, reachServer } from './reached.ts';
import { lookAround, NOTHING_SEEN } from './surroundings.ts';
import { isEnough, RESERVE_BYTES } from '../plan/room.ts';
import { MAINS, type Power } from '../transfer/schedule.ts';
import { createTeller } from './teller.ts';
import { isFault, troubleOf } from './troubles.ts';
import type { WorkplaceOptions } from './workplace.ts';
import { type Wish, wishOf } from './wish.ts';

export interface HostOptions extends WorkplaceOptions {
  readonly clock: Clock;
  readonly probe: Probe;
  readonly openHere: OpenHere;
  /** Where the archive on this computer keeps everything, or would, unless a person chooses another folder. */
  readonly archiveFolder: string;
  /** What must stay free on its disk, in bytes. */
  readonly reserveBytes?: number;
  readonly folders: Folders;
  /** A password that was given to the program itself, for whom it is. */
  readonly passwordOf: (email: string) => string | undefined;
  /** Keeps a log-in beyond the program's life, for whoever wants that. */
  readonly secrets: Secrets;
  /** What the shell itself has to say, told with the first state. */
  readonly firstNotice?: string;
  /** One sentence that a person should read once; the page is told it anyway. */
  readonly onNotice: (sentence: string) => void;
  /** What should not have happened, for a log. */
  readonly onFault: (error: unknown) => void;
}

/** One data folder and the work on it, for as long as the program lives; what a page talks to. */
export interface Host {
  readonly calls: Calls;
  readonly onState: (listener: (state: PageState) => void) => () => void;
  /** How the computer has its power from now on; on mains and awake until told. */
  readonly power: (power: Power) => void;
  /** The WebP that a cover's name stands for; undefined where it is no name, or is not kept any more. */
  readonly cover: (name: string, grey: boolean) => Promise<Uint8Array | undefined>;
  /** A track as the file system has it, for the system's file manager. Null where it is not in the ledger. */
  readonly pathOfTrack: (id: number) => Promise<Buffer | null>;
  /** Lets what is under way finish for a moment, then ends everything. */
  readonly close: () => Promise<void>;
}

const LOOK_AROUND_MS = 5_000;
/** A disk that is slow to answer must not keep the page from being there. */
const FIRST_LOOK_MS = 1_000;

/** Before anything could be read. */
const EMPTY: PageState = pageState({
  settings: DEFAULT_SETTINGS,
  libraries: [],
  totals: new Map(),
  seen: NOTHING_SEEN,
  archiveFolder: '',
  wish: undefined,
  phase: { kind: 'idle' },
  trouble: null,
  nights: [],
  coverOf: () => null,
  notices: [],
});

/** @throws LedgerInUseError, LedgerNewerError, LedgerDiskError */
export const openHost = async (options: HostOptions): Promise<Host> => {
  const { clock } = options;
  let books: Books | undefined = await openBooks(options);
  const opened = async (): Promise<Books> => (books ??= await openBooks(options));
  const logIns = createLogIns(options);
  let signIns = 0;
  /** Undefined until it could be read. */
  let chosen: Chosen | undefined;
  let seen = NOTHING_SEEN;
  let power = MAINS;
  const notices = createNotices();
  if (options.firstNotice !== undefined) notices.add(options.firstNotice);
  const onNotice = (sentence: string): void => {
    notices.add(sentence);
    options.onNotice(sentence);
  };
  const nights = createNights();
  /** Start takes the trouble away; what has to be told again is to be read after that, too. */
  const setAsideTold = (opened: Books, kept: Chosen | undefined): LedgerSetAsideError | undefined => {
    const error = setAsideError(opened, kept);
    if (error !== undefined && error.lost !== '') onNotice(error.lost);
    return error;
  };

  const wishNow = (): Wish | undefined => {
    if (books === undefined) return undefined;
    const settings = books.ledger.settings.read();
    const libraries = books.ledger.libraries.all();
    chosen = { settings, libraries: libraries.map(({ path }) => path) };
    return wishOf(settings, libraries, signIns);
  };

  const reach = async ({ archive }: Wish): Promise<Reached> => {
    const { http } = await opened();
    if (archive.kind === 'here') return reachHere(options.openHere, http, archive);
    const credentials = await logIns.credentialsOf(archive);
    if (credentials === undefined) throw signedOut(archive.url);
    return reachServer(http, archive.url, credentials, clock, logIns.onSession(archive));
  };

  const driver: Driver = createDriver({
    clock,
    reach,
    wished: async (isRunning) => {
      const { ledger } = await opened();
      if (!isRunning && !ledger.inbox.isEmpty()) await ledger.commit(() => obeyInbox(ledger));
      return wishNow();
    },
    begin: async (wish, reached) => {
      const workplace = await opened();
      const { ledger } = workplace;
      const { identity } = reached.connection;
      // An archive that was made anew, or a server that is another one now.
      if (identity !== wish.archive.identity)
        await ledger.commit(() => ledger.settings.write({ archive: { ...wish.archive, identity } }));
      return beginRun({
        workplace,
        reached,
        libraries: wish.libraries,
        launch: options.launch,
        clock,
        probe: options.probe,
        traditional: false,
        power: () => power,
        watch: true,
        acceptDuplicates: false,
        onNotice,
      });
    },
    onFailure: (error) => {
      if (isFault(error)) options.onFault(error);
    },
    mend: async () => {
      const [before, kept] = [books, chosen];
      books = undefined;
      await before?.close();
      const fresh = await opened();
      if (kept !== undefined) await restore(fresh, kept, clock.now());
      return setAsideTold(fresh, kept);
    },
  });
  const covers = openCovers({
    folder: join(options.dataFolder, 'covers'),
    launch: options.launch,
    clock,
    isBusy: () => isBusy(driver.phase()),
    onFault: options.onFault,
  });
  const atStart = setAsideTold(books, undefined);
  if (atStart !== undefined) driver.fail(atStart);

  let last = EMPTY;
  /** What cannot be read is told as it was, with what is wrong. */
  const read = (): PageState => {
    try {
      if (books !== undefined) last = readState(books);
    } catch (error) {
      driver.fail(error);
    }
    const error = driver.error();
    return error === undefined
      ? last
      : { ...last, work: null, trouble: troubleOf(error), notices: [...notices.all()] };
  };
  const readState = ({ ledger }: Books): PageState => {
    const wish = wishNow();
    const error = driver.error();
    const settings = ledger.settings.read();
    const libraries = ledger.libraries.all();
    const totals = readTotals(ledger, settings.archive?.identity, libraries);
    const phase = asTold(driver.phase());
    const snapshot = phase.kind === 'running' ? phase.snapshot() : undefined;
    const standing = [...totals.values()].reduce((sum, part) => sumOf(sum, part), NO_TRACKS);
    return pageState({
      settings,
      libraries,
      totals,
      seen,
      archiveFolder: options.archiveFolder,
      wish,
      phase,
      nights: nights.read(ledger, settings, standing, snapshot, clock.now()),
      trouble: error === undefined ? null : troubleOf(error),
      coverOf: covers.of,
      notices: [...notices.all()],
    });
  };

  /** Room that comes by itself, as when a person tidied up, is as good as Start. */
  const forgiveForRoom = ({ reader }: Books): void => {
    const error = driver.error();
    if (error === undefined || troubleOf(error).code !== 'no_room') return;
    const { archive } = reader.settings();
    const row = reader.archives().find(({ identity }) => identity === archive?.identity);
    if (archive?.kind !== 'here' || row === undefined) return;
    const ids = reader.libraries().map(({ id }) => id);
    const needed = reader.totals(row.id, ids).bytesWaiting;
    const { reserveBytes: reserve = RESERVE_BYTES } = options;
    if (isEnough({ needed, free: seen.bytesFree, reserve })) driver.forgive();
  };

  const look = async (): Promise<void> => {
    if (books === undefined) return;
    const { reader } = books;
    const archives = reader.archives();
    const { archive } = reader.settings();
    const away = isAway(archive);
    // What holds files of a disk that is gone must let go of them, or it cannot find them when the disk is back.
    if (away && driver.reached()?.isOpen === true) void driver.undisturbed(() => Promise.resolve());
    seen = await lookAround(
      away ? undefined : archiveFolderOf(archive, options),
      reader.libraries(),
      (id, name) =>
        name === undefined
          ? archives.some((archive) => foundIn(reader.totals(archive.id, [id])) > 0)
          : reader.hasAtTop(id, name),
    );
    forgiveForRoom(books);
  };
  let looking: Promise<void> | undefined;
  /** One look at a time: a share that does not answer holds up this and nothing else. */
  const lookOnce = (): Promise<void> =>
    (looking ??= look()
      .catch((error: unknown) => (books === undefined ? undefined : options.onFault(error)))
      .finally(() => (looking = undefined)));
  const timer = setInterval(() => void lookOnce(), LOOK_AROUND_MS);
  await Promise.race([lookOnce(), clock.sleep(FIRST_LOOK_MS)]);

  const planning = createPlanning({ reserveBytes: RESERVE_BYTES, ...options });
  const teller = createTeller(read);
  return {
    calls: createCalls({
      ...options,
      driver,
      planning,
      books: opened,
      read,
      logIns,
      countSignIn: () => (signIns += 1),
      lookAround: lookOnce,
      covers,
      notices,
      onDone: (sentence) => {
        notices.add(sentence, { again: true });
        options.onNotice(sentence);
      },
    }),
    onState: teller.onState,
    power: (now) => {
      power = now;
      driver.reconsider();
    },
    cover: async (name, grey) => (coverSchema.safeParse(name).success ? covers.bytes(name, grey) : undefined),
    pathOfTrack: async (id) => {
      const place = await (await opened()).views.ask('placeOf', id);
      return place === null ? null : pathOnDisk(place);
    },
    close: async () => {
      clearInterval(timer);
      planning.end();
      teller.close();
      await driver.close();
      await looking;
      await covers.close();
      const open = books;
      books = undefined;
      await open?.close();
    },
  };
};

/** Files are looked through or sent, which covers must not hold up. */
const isBusy = (phase: Phase): boolean => {
  if (phase.kind !== 'running') return false;
  const { scanning, inFlight } = phase.snapshot();
  return scanning || inFlight.length > 0;
};

/** A run is asked once for each state that is made of it. */
const asTold = (phase: Phase): Phase => {
  if (phase.kind !== 'running') return phase;
  const snapshot = phase.snapshot();
  return { kind: 'running', snapshot: () => snapshot };
};

const archiveFolderOf = (
  archive: ChosenArchive | null,
  { archiveFolder }: Pick<HostOptions, 'archiveFolder'>,
): string => (archive?.kind === 'here' ? archive.folder : null) ?? archiveFolder;
