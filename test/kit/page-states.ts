import type { PageState, PageStanding, PageWork } from '../../shared/bridge/state.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';

/** Every number 0 unless told; `found` is the sum. */
export const standingOf = (some: Partial<Omit<PageStanding, 'found'>> = {}): PageStanding => {
  const all = {
    archived: 0,
    failed: 0,
    skipped: 0,
    waiting: 0,
    bytesFound: 0,
    bytesArchived: 0,
    bytesWaiting: 0,
    ...some,
  };
  return { ...all, found: all.archived + all.failed + all.skipped + all.waiting };
};

export const workOf = (some: Partial<PageWork> = {}): PageWork => ({
  scanning: false,
  looked: some.scanning !== true,
  gate: { state: 'open' },
  sent: 0,
  bytesSent: 0,
  bytesPerSecond: 0,
  filesPerSecond: 0,
  inFlight: [],
  ...some,
});

/** A file on its way, without tags. */
export const flightOf = (path: string, bytes: number, sent: number): PageWork['inFlight'][number] => ({
  path,
  bytes,
  sent,
  title: '',
  artist: '',
  album: '',
  cover: null,
});

/** A person with one folder and an archive on a server; the standing is that of the folder too. */
export const stateOf = (some: Partial<PageState> = {}): PageState => {
  const standing = some.standing ?? standingOf();
  return {
    libraries: [{ id: 1, path: '/music', trouble: null, standing }],
    archive: { kind: 'server', place: 'https://archive.example.org', email: 'anna@example.org' },
    standing,
    work: workOf(),
    trouble: null,
    settings: DEFAULT_SETTINGS,
    nights: [],
    notices: [],
    ...some,
  };
};

export const NOTHING_CHOSEN: PageState = stateOf({ libraries: [], archive: null, work: null });
