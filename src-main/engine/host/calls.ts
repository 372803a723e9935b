import type { CallInput, CallOutput, EngineCallName, FormResult } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import type { ChosenArchive, Settings, SomeSettings } from '../../../shared/settings.ts';
import { inClearWords, isInClear, originOf } from '../archive/connect.ts';
import {
  NotAnArchiveError,
  SignedOutError,
  UnreachableError,
  WrongPasswordError,
} from '../archive/errors.ts';
import type { Clock } from '../clock.ts';
import type { Covers } from '../covers/covers.ts';
import { EngineError } from '../errors.ts';
import type { InboxMessage } from '../ledger/inbox.ts';
import { obey } from '../ledger/obey.ts';
import {
  checkApartFromArchive,
  checkApartFromData,
  checkNoOverlap,
  LibraryError,
} from '../library/choose.ts';
import { checkExclusions } from '../library/exclusions.ts';
import { tonight } from '../transfer/schedule.ts';
import { archiveStatus, endLogInThere } from './archive-care.ts';
import { archiveFolderAt, isAway, placeFacts } from './archive-place.ts';
import type { Books } from './books.ts';
import type { Driver } from './driver.ts';
import { chosenRow, failureGroups } from './failures.ts';
import type { Folders } from './folders.ts';
import type { LogIns } from './log-ins.ts';
import type { Notices } from './notices.ts';
import { paceOf } from './pace.ts';
import type { Planning } from './planning.ts';
import { createTurns } from './turns.ts';
import { type OpenHere, type Reached, reachServer } from './reached.ts';
import { createViewCalls } from './view-calls.ts';

const HOUR_MS = 3_600_000;
const OK: FormResult = { ok: true };

/** What does the calls of the page, one function for each. */
export type Calls = {
  readonly [N in EngineCallName]: (input: CallInput<N>) => Promise<CallOutput<N>> | CallOutput<N>;
};

/** All that a page can ask for. What changes something is done one after the other. */
export const createCalls = (deps: {
  readonly clock: Clock;
  readonly dataFolder: string;
  readonly archiveFolder: string;
  readonly folders: Folders;
  readonly openHere: OpenHere;
  readonly driver: Driver;
  readonly books: () => Promise<Books>;
  readonly read: () => PageState;
  readonly planning: Planning;
  readonly logIns: LogIns;
  /** Returns how often somebody signed in. */
  readonly countSignIn: () => number;
  /** Looks at the disks, which may have to do with what was just chosen. */
  readonly lookAround: () => Promise<void>;
  /** For every row that shows an album or a track. */
  readonly covers: Pick<Covers, 'of'>;
  readonly notices: Pick<Notices, 'dismiss'>;
  /** What came of what a person has just done, in a sentence that they should read. */
  readonly onDone: (sentence: string) => void;
}): Calls => {
  const { clock, driver, folders, planning } = deps;
  const inTurn = createTurns();

  const settings = async (): Promise<Settings> => (await deps.books()).ledger.settings.read();
  const tell = async (message: InboxMessage): Promise<null> => {
    const { ledger } = await deps.books();
    await ledger.commit(() => obey(ledger, message));
    driver.reconsider();
    return null;
  };
  const set = (some: SomeSettings): Promise<null> => tell({ kind: 'set', settings: some });

  const choose = async (archive: ChosenArchive, reached: Reached): Promise<void> => {
    const { ledger } = await deps.books();
    await ledger.commit(() => {
      ledger.archives.ensure(archive.identity, reached.place, clock.now());
      ledger.settings.write({ archive });
    });
    await deps.logIns.forgetOthers(archive.kind === 'server' ? archive : undefined);
    driver.offer({ archive, signIn: deps.countSignIn() }, reached);
    driver.forgive();
    await deps.lookAround();
  };

  const addLibrary = async (ref: string): Promise<FormResult> => {
    const path = await folders.pathOf(ref);
    if (path === undefined)
      return wrong('folder', 'This folder cannot be opened (any more). Please choose it again.');
    const { ledger } = await deps.books();
    checkApartFromData(path, deps.dataFolder);
    const { archive } = ledger.settings.read();
    if (archive?.kind === 'here' && archive.folder !== null) checkApartFromArchive(path, archive.folder);
    checkNoOverlap(
      path,
      ledger.libraries.all().map((library) => library.path),
    );
    await ledger.commit(() => ledger.libraries.ensure(path, clock.now()));
    driver.nudge();
    await deps.lookAround();
    return OK;
  };

  const useArchiveAt = async (given: {
    readonly url: string;
    readonly email: string;
    readonly password: string;
    readonly keep?: boolean | undefined;
    readonly keepPassword?: boolean | undefined;
    readonly inClear?: boolean | undefined;
  }): Promise<FormResult> => {
    const [url, email] = [given.url.trim(), given.email.trim()];
    const { password } = given;
    if (url === '') return wrong('url', 'Which archive? Its address looks like https://archive.example.');
    if (email === '') return wrong('email', 'Whose account is it? Please give its e-mail.');
    if (password === '') return wrong('password', 'The password is missing.');
    const origin = originOf(url);
    if (isInClear(origin) && given.inClear !== true)
      return { ...wrong('url', inClearWords(origin)), confirm: 'inClear' };
    const { http } = await deps.books();
    const account = { url: origin, email };
    const reached = await reachServer(
      http,
      origin,
      { kind: 'password', email, password },
      clock,
      deps.logIns.onSession(account),
    );
    if (given.keep === true && given.keepPassword !== true && !deps.logIns.hasToken(account))
      return { ...wrong(null, PASSWORD_ITSELF), confirm: 'keepPassword' };
    const { identity } = reached.connection;
    await driver.undisturbed(async () => {
      await deps.logIns.signedIn(account, password, given.keep ?? false);
      await choose({ kind: 'server', ...account, identity }, reached);
    });
    return OK;
  };

  /** Of the archive, in a folder that the page names; null: where the program keeps everything else. */
  const placeFor = async (ref: string | null): Promise<string | null> => {
    if (ref === null) return null;
    const chosen = await folders.pathOf(ref);
    if (chosen === undefined)
      throw new LibraryError('This folder cannot be opened (any more). Please choose it again.');
    const { ledger } = await deps.books();
    return archiveFolderAt(chosen, ledger.libraries.all(), deps.dataFolder);
  };

  const useArchiveHere = async (ref: string | null): Promise<FormResult> => {
    const folder = await placeFor(ref);
    const { archive } = await settings();
    if (archive?.kind === 'here' && archive.folder === folder && !isAway(archive)) return OK;
    await driver.undisturbed(async () => {
      const reached = await deps.openHere((await deps.books()).http, { folder, isNew: true });
      const { identity } = reached.connection;
      await choose({ kind: 'here', identity, folder }, reached).catch(async (error: unknown) => {
        await reached.close();
        throw error;
      });
    });
    return OK;
  };

  const signOut = async (): Promise<null> => {
    const { archive } = await settings();
    if (archive?.kind !== 'server') return null;
    const { http } = await deps.books();
    const known = driver.reached()?.connection;
    const credentials = await deps.logIns.credentialsOf(archive);
    // At once, whatever becomes of the rest.
    await deps.logIns.forget(archive);
    if (driver.phase().kind === 'connecting') http.dropConnections();
    // Nothing may run meanwhile: it would sign in again, and keep that.
    await driver.undisturbed(async () => {
      driver.fail(new SignedOutError(archive.url, 'you signed out.'));
      await deps.logIns.forget(archive);
      if (!(await endLogInThere({ archive, known, credentials, http, clock })))
        deps.onDone(
          `You are signed out here. ${archive.url} could not be told; the log-in ends there by itself.`,
        );
    });
    return null;
  };

  const start = async (): Promise<FormResult> => {
    const { ledger } = await deps.books();
    const { archive } = ledger.settings.read();
    if (ledger.libraries.all().length === 0)
      return wrong('folder', 'Please choose the folders with your music first.');
    if (archive === null) return wrong(null, 'Please choose the archive first.');
    if (archive.kind === 'server' && (await deps.logIns.credentialsOf(archive)) === undefined)
      return wrong('password', `Please sign in at ${archive.url} again.`);
    await set({ started: true, pause: null });
    driver.forgive();
    return OK;
  };

  return {
    state: () => deps.read(),
    browse: (ref) => folders.browse(ref),
    addLibrary: (ref) => inTurn(() => asForm(addLibrary(ref))),
    forgetLibrary: (libraryId) => inTurn(() => tell({ kind: 'forget', libraryId })),
    archiveHere: async (ref) =>
      placeFacts((await placeFor(ref)) ?? deps.archiveFolder, (await deps.books()).ledger.libraries.all()),
    useArchiveHere: (ref) => inTurn(() => asForm(useArchiveHere(ref))),
    useArchiveAt: (given) => inTurn(() => asForm(useArchiveAt(given))),
    archiveStatus: async () =>
      archiveStatus((await settings()).archive, deps.read().archive?.place ?? '', driver),
    signOut: () => inTurn(signOut),
    plan: () => planning.plan(),
    start: () => {
      planning.end();
      return inTurn(start);
    },
    pause: (length) =>
      inTurn(async () => {
        const now = clock.now();
        switch (length) {
          case 'hour':
            return set({ pause: { until: now + HOUR_MS } });
          case 'tonight':
            return set({ pause: { until: tonight(await settings(), now) } });
          case 'until_resumed':
            return set({ pause: { until: null } });
        }
      }),
    resume: () => inTurn(() => set({ pause: null })),
    changeSettings: (some) =>
      inTurn(() => {
        checkExclusions(some.exclusions ?? []);
        return set(some);
      }),
    pace: async ({ hours }) => {
      const { ledger } = await deps.books();
      const { archive } = ledger.settings.read();
      const row = ledger.archives.all().find(({ identity }) => identity === archive?.identity);
      return paceOf(ledger.pace, row?.id, hours, clock.now());
    },
    failures: async () => failureGroups(await deps.books()),
    ...createViewCalls({
      views: async () => (await deps.books()).views,
      covers: deps.covers,
      phase: driver.phase,
    }),
    ignore: (code) =>
      inTurn(async () => {
        const archive = chosenRow((await deps.books()).ledger);
        return archive === undefined ? null : tell({ kind: 'ignore', archiveId: archive.id, code });
      }),
    dismiss: (id) => {
      deps.notices.dismiss(id);
      return null;
    },
    retryTrack: (trackId) => inTurn(() => tell({ kind: 'retry_track', trackId })),
    retry: (code) => inTurn(() => tell({ kind: 'retry', ...(code === null ? {} : { code }) })),
  };
};

const PASSWORD_ITSELF =
  'E-mail and password are right. But this archive gives nothing that could be kept in place of your password, so to stay signed in the password itself would have to be kept. Please choose, and sign in once more.';

type Refusal = Extract<FormResult, { ok: false }>;
const wrong = (field: Refusal['field'], message: string): Refusal => ({
  ok: false,
  field,
  message,
});

/** What is wrong with the input is told beside the field that it is about; faults of ours are not of a form. */
const asForm = async (work: Promise<FormResult>): Promise<FormResult> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LibraryError) return wrong('folder', error.message);
    if (error instanceof WrongPasswordError) return wrong('password', error.message);
    if (error instanceof NotAnArchiveError || error instanceof UnreachableError)
      return wrong('url', error.message);
    if (error instanceof EngineError) return wrong(null, error.message);
    throw error;
  }
};
