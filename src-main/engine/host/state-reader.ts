import type { PageState } from '../../../shared/bridge/state.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import type { Clock } from '../clock.ts';
import type { Covers } from '../covers/covers.ts';
import { NO_TRACKS, sumOf } from '../ledger/totals.ts';
import type { Books } from './books.ts';
import type { Driver, Phase } from './driver.ts';
import { createNights } from './nights.ts';
import type { Notices } from './notices.ts';
import { pageState, readTotals } from './page-state.ts';
import { NOTHING_SEEN, type Seen } from './surroundings.ts';
import { troubleOf } from './troubles.ts';
import type { Wish } from './wish.ts';

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

/** Puts together how all of it stands now. Never throws: what cannot be read is told as it was, with what is wrong. */
export const createStateReader = (deps: {
  /** Undefined while there is no ledger. */
  readonly books: () => Books | undefined;
  readonly wish: () => Wish | undefined;
  readonly driver: Pick<Driver, 'error' | 'fail' | 'phase'>;
  readonly seen: () => Seen;
  readonly covers: Pick<Covers, 'of'>;
  readonly notices: Pick<Notices, 'all'>;
  readonly archiveFolder: string;
  readonly clock: Pick<Clock, 'now'>;
}): (() => PageState) => {
  const { driver } = deps;
  const nights = createNights();
  let last = EMPTY;

  const read = ({ ledger }: Books): PageState => {
    const wish = deps.wish();
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
      seen: deps.seen(),
      archiveFolder: deps.archiveFolder,
      wish,
      phase,
      nights: nights.read(ledger, settings, standing, snapshot, deps.clock.now()),
      trouble: error === undefined ? null : troubleOf(error),
      coverOf: deps.covers.of,
      notices: [...deps.notices.all()],
    });
  };

  return () => {
    try {
      const books = deps.books();
      if (books !== undefined) last = read(books);
    } catch (error) {
      driver.fail(error);
    }
    const error = driver.error();
    return error === undefined
      ? last
      : { ...last, work: null, trouble: troubleOf(error), notices: [...deps.notices.all()] };
  };
};

/** A run is asked once for each state that is made of it. */
const asTold = (phase: Phase): Phase => {
  if (phase.kind !== 'running') return phase;
  const snapshot = phase.snapshot();
  return { kind: 'running', snapshot: () => snapshot };
};
