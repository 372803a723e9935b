import { join } from 'node:path';
import { coverSchema } from '../../../shared/bridge/fields.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import type { Secrets } from '../archive/secrets.ts';
import type { Clock } from '../clock.ts';
import { openCovers } from '../covers/covers.ts';
import type { Probe } from '../kill-points.ts';
import { LedgerDamagedError, LedgerGoneError } from '../ledger/errors.ts';
import { obeyInbox } from '../ledger/obey.ts';
import { pathOnDisk } from '../library/place.ts';
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
import { createLooking } from './looking.ts';
import { type OpenHere, type Reached, reachHere, reachServer } from './reached.ts';
import { RESERVE_BYTES } from '../plan/room.ts';
import { createStateReader } from './state-reader.ts';
import { MAINS, type Power } from '../transfer/schedule.ts';
import { createTeller } from './teller.ts';
import { isFault } from './troubles.ts';
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

/** A disk that is slow to answer must not keep the page from being there. */
const FIRST_LOOK_MS = 1_000;

/** @throws LedgerInUseError, LedgerNewerError, LedgerDiskError */
export const openHost = async (options: HostOptions): Promise<Host> => {
  const { clock } = options;
  let books: Books | undefined = await openBooks(options);
  /** Under way; nobody else opens a second one meanwhile. */
  let opening: Promise<Books> | undefined;
  const open = async (before: Books | undefined, kept: Chosen | undefined): Promise<Books> => {
    await before?.close();
    const fresh = await openBooks(options);
    try {
      if (kept !== undefined) await restore(fresh, kept, clock.now());
    } catch (error) {
      await fresh.close();
      throw error;
    }
    return (books = fresh);
  };
  const reopen = (before?: Books, kept?: Chosen): Promise<Books> =>
    (opening ??= open(before, kept).finally(() => (opening = undefined)));
  const opened = async (): Promise<Books> => books ?? reopen();
  const logIns = createLogIns(options);
  let signIns = 0;
  /** Undefined until it could be read. */
  let chosen: Chosen | undefined;
  let power = MAINS;
  const notices = createNotices();
  if (options.firstNotice !== undefined) notices.add(options.firstNotice);
  const onNotice = (sentence: string): void => {
    notices.add(sentence);
    options.onNotice(sentence);
  };
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
      const { ledger, isInPlace } = await opened();
      if (!isInPlace()) throw new LedgerGoneError(ledger.path);
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
    mend: async (error) => {
      const [before, kept] = [books, chosen];
      const isGone = before?.isInPlace() === false;
      if (!isGone && !(error instanceof LedgerDamagedError)) return undefined;
      books = undefined;
      const fresh = await reopen(before, kept);
      return setAsideTold(fresh, kept) ?? (isGone ? new LedgerGoneError(fresh.ledger.path) : error);
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

  const looking = createLooking({
    ...options,
    reserveBytes: () => options.reserveBytes ?? RESERVE_BYTES,
    books: () => books,
    driver,
  });
  await Promise.race([looking.look(), clock.sleep(FIRST_LOOK_MS)]);

  const read = createStateReader({
    ...options,
    books: () => books,
    wish: wishNow,
    driver,
    seen: looking.seen,
    covers,
    notices,
  });
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
      lookAround: looking.look,
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
      const looked = looking.close();
      planning.end();
      teller.close();
      await driver.close();
      await looked;
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
