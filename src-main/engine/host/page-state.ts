import type { Night } from '../../../shared/bridge/pace.ts';
import type { PageLibrary, PageState, PageStanding, PageWork } from '../../../shared/bridge/state.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Covers } from '../covers/covers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Library } from '../ledger/libraries.ts';
import { foundIn, NO_TRACKS, type StandingTotals, sumOf } from '../ledger/totals.ts';
import { displayPath } from '../library/paths.ts';
import type { Phase } from './driver.ts';
import type { Seen } from './surroundings.ts';
import type { Trouble } from './troubles.ts';
import type { Wish } from './wish.ts';

export interface Facts {
  readonly settings: Settings;
  readonly libraries: readonly Library[];
  /** How each library stands with the archive that was chosen. */
  readonly totals: ReadonlyMap<number, StandingTotals>;
  readonly seen: Seen;
  /** Where an archive on this computer keeps everything, unless another folder was chosen. */
  readonly archiveFolder: string;
  readonly wish: Wish | undefined;
  readonly phase: Phase;
  readonly trouble: Trouble | null;
  readonly nights: readonly Night[];
  readonly coverOf: Covers['of'];
  readonly notices: PageState['notices'];
}

/** As many uploads as fit a page; the others are under way all the same. */
const SHOWN_IN_FLIGHT = 20;

/** Reads what is kept: prepared statements on tallies, so it costs the same however large the libraries are. */
export const readTotals = (
  ledger: Pick<Ledger, 'archives' | 'totals'>,
  identity: string | undefined,
  libraries: readonly Library[],
): ReadonlyMap<number, StandingTotals> => {
  const archive = ledger.archives.all().find((row) => row.identity === identity);
  return new Map(
    libraries.map(({ id }) => [id, archive === undefined ? NO_TRACKS : ledger.totals(archive.id, [id])]),
  );
};

export const pageState = (facts: Facts): PageState => {
  const { settings, libraries, totals, seen, trouble } = facts;
  const of = (id: number): StandingTotals => totals.get(id) ?? NO_TRACKS;
  return {
    libraries: libraries.map(({ id, path }): PageLibrary => ({
      id,
      path: displayPath(path),
      trouble: seen.troubles.get(id) ?? null,
      standing: standing(of(id)),
    })),
    archive: archiveOf(facts),
    standing: standing(libraries.reduce((sum, { id }) => sumOf(sum, of(id)), NO_TRACKS)),
    work: facts.wish === undefined || trouble !== null ? null : workOf(facts),
    trouble,
    settings,
    nights: [...facts.nights],
    notices: facts.notices,
  };
};

const standing = (totals: StandingTotals): PageStanding => ({
  found: foundIn(totals),
  archived: totals.archived,
  failed: totals.failed,
  skipped: totals.skipped,
  waiting: totals.waiting,
  bytesFound: totals.bytesFound,
  bytesArchived: totals.bytesArchived,
  bytesWaiting: totals.bytesWaiting,
});

const archiveOf = ({ settings, seen, archiveFolder }: Facts): PageState['archive'] => {
  const { archive } = settings;
  switch (archive?.kind) {
    case undefined:
      return null;
    case 'here': {
      const { bytesFree, sameDisk } = seen;
      const place = displayPath(Buffer.from(archive.folder ?? archiveFolder));
      return { kind: 'here', place, bytesFree, sameDisk };
    }
    case 'server':
      return { kind: 'server', place: archive.url, email: archive.email };
  }
};

const NOT_YET: Omit<PageWork, 'gate'> = {
  scanning: false,
  looked: false,
  sent: 0,
  bytesSent: 0,
  bytesPerSecond: 0,
  filesPerSecond: 0,
  inFlight: [],
};

const workOf = ({ phase, libraries, coverOf }: Facts): PageWork => {
  switch (phase.kind) {
    case 'idle':
    case 'connecting':
      return { ...NOT_YET, gate: { state: 'closed', message: 'Getting in touch with the archive' } };
    case 'offline': {
      const { message, nextTry } = phase;
      return { ...NOT_YET, gate: { state: 'closed', reason: 'offline', message, nextChange: nextTry } };
    }
    case 'running': {
      const snapshot = phase.snapshot();
      const { scanning, gate, totals, bytesSent, bytesPerSecond, filesPerSecond, endsAt, inFlight } =
        snapshot;
      return {
        scanning,
        // One that was added just now is not of this run, which is about to make way for the next.
        looked: !scanning && libraries.every(({ id }) => snapshot.looked.includes(id)),
        gate,
        sent: totals.archived,
        bytesSent,
        bytesPerSecond,
        filesPerSecond,
        // Nobody reads seconds, and a page that hears nothing new has nothing to draw.
        ...(endsAt === undefined || totals.waiting === 0
          ? {}
          : { endsAt: Math.ceil(endsAt / 60_000) * 60_000 }),
        // The others only stand in line for their upload.
        inFlight: inFlight
          .filter(({ sent }) => sent > 0)
          .slice(0, SHOWN_IN_FLIGHT)
          .map(({ path, bytes, sent, title, artist, album, place }) => ({
            path,
            bytes,
            sent,
            title,
            artist,
            album,
            cover: coverOf({ ...place, album }),
          })),
      };
    }
  }
};
