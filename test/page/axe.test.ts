import { describe, expect, test } from 'vitest';
import type { PageFailureGroup } from '../../shared/bridge/calls.ts';
import type { AlbumRow } from '../../shared/bridge/albums.ts';
import type { Night } from '../../shared/bridge/pace.ts';
import type { Plan } from '../../shared/bridge/plan.ts';
import type { PageArchive, PageState } from '../../shared/bridge/state.ts';
import { TRACK_OUTCOMES, type TrackDetail, type TrackRow } from '../../shared/bridge/tracks.ts';
import { chromiumPath } from '../kit/browser.ts';
import { flightOf, NOTHING_CHOSEN, standingOf, stateOf, workOf } from '../kit/page-states.ts';
import { foundByAxe } from './support/axe.ts';
import { type Answers, DESKTOP, scriptedPages } from './support/scripted-page.ts';

const HOUR = 3_600_000;
const HERE: PageArchive = { kind: 'here', place: '/data/archive', bytesFree: 3e12, sameDisk: true };
const PLAN: Plan = {
  tracks: 12_408,
  bytes: 412e9,
  formats: [{ name: 'flac', tracks: 12_408, bytes: 412e9 }],
  leftOut: [{ reason: 'These files are empty.', files: 3, examples: ['/music/empty.flac'] }],
  otherFiles: 1_200,
  archived: 7,
  times: [{ pace: 'a line of 20 Mbit/s', seconds: 50 * 3600, nights: 6 }],
  room: { needed: 412e9, free: 1e9, enough: false },
};
const GROUPS: readonly PageFailureGroup[] = (['failed', 'ignored', 'skipped'] as const).map((state) => ({
  code: state,
  state,
  message: 'We may not read these files.',
  advice: 'Allow it, then retry.',
  count: 4,
  examples: [
    { path: '/music/a.flac', track: 1 },
    { path: '/music/b.flac', track: null },
  ],
}));

const nights = (now: number): readonly Night[] =>
  (['past', 'now', 'coming'] as const).map((kind, i) => ({
    kind,
    from: now + (i - 1) * 24 * HOUR - HOUR,
    to: now + (i - 1) * 24 * HOUR + 8 * HOUR,
    tracks: kind === 'coming' ? 0 : 10_000,
    bytes: kind === 'coming' ? 0 : 3e11,
    tracksToCome: kind === 'past' ? 0 : 10_000,
    bytesToCome: kind === 'past' ? 0 : 3e11,
  }));

const working = (): PageState =>
  stateOf({
    standing: standingOf({
      archived: 20_000,
      waiting: 20_000,
      failed: 4,
      skipped: 8,
      bytesArchived: 6e11,
      bytesWaiting: 6e11,
    }),
    work: workOf({
      bytesPerSecond: 3.2e6,
      filesPerSecond: 2,
      sent: 100,
      bytesSent: 3e9,
      endsAt: Date.now() + 20 * HOUR,
      inFlight: [
        { ...flightOf('Fahrplan/01.flac', 43e6, 31e6), title: 'Nachtzug', artist: 'Ilse', album: 'Fahrplan' },
        ...['Glass Orchard', 'Harbour', 'Zimowe listy', 'loose'].map((name) =>
          flightOf(`${name}/${name}.flac`, 22e6, 9e6),
        ),
      ],
    }),
    nights: [...nights(Date.now())],
    notices: [{ id: 1, message: 'Ledgerline goes on in the tray.' }],
  });

const album = (some: Partial<AlbumRow>): AlbumRow => ({
  id: 1,
  title: 'Harbour Sessions',
  artist: 'Orla Quist',
  year: 1999,
  cover: null,
  tracks: 11,
  archived: 0,
  failed: 0,
  skipped: 0,
  underWay: false,
  ...some,
});
const track = (some: Partial<TrackRow>): TrackRow => ({
  id: 1,
  path: 'Fahrplan/01.flac',
  title: 'Nachtzug',
  artist: 'Ilse Brandt Trio',
  album: 'Fahrplan',
  bytes: 43e6,
  outcome: 'archived',
  archivedAt: Date.now() - HOUR,
  reason: some.outcome === 'failed' ? 'It could not be read.' : null,
  ...some,
});
const DETAIL: TrackDetail = {
  ...track({}),
  place: '/music/Fahrplan/01.flac',
  library: '/music',
  cover: null,
  modifiedAt: Date.now() - 24 * HOUR,
  sha256: 'ab'.repeat(32),
  md5: 'cd'.repeat(16),
  tags: [{ name: 'Title', value: 'Nachtzug' }],
  twins: ['/music/twin.flac'],
  song: { id: 12, archivedAt: Date.now() - HOUR, confirmedAt: null },
  failure: { code: 'x', message: 'It was refused once.', advice: 'Try again.', attempts: 2, nextTry: null },
  history: [{ at: Date.now() - 2 * HOUR, what: 'found', detail: null }],
};

const ANSWERS: Answers = {
  capabilities: () => DESKTOP,
  preferences: () => ({ theme: 'system', startAtLogin: true, notifications: false, keepAwake: true }),
  failures: () => [...GROUPS],
  plan: () => PLAN,
  openAlbums: () => ({
    view: 1,
    albums: 3,
    counts: { all: 3, whole: 1, under_way: 1, to_come: 1, attention: 1 },
    letters: [
      { letter: '#', at: 0 },
      { letter: 'H', at: 1 },
    ],
  }),
  albums: () => [
    album({ archived: 11 }),
    album({ id: 2, archived: 4, failed: 1 }),
    album({ id: 3, artist: '' }),
  ],
  openTracks: () => ({ view: 2, tracks: 5 }),
  tracks: () => TRACK_OUTCOMES.map((outcome, i) => track({ id: i + 1, outcome })),
  track: () => DETAIL,
  archiveStatus: () => ({
    place: 'https://archive.example.org',
    email: 'anna@example.org',
    signedIn: true,
    lastContact: Date.now() - 60_000,
    told: {
      songs: { queued: 2, processing: 1, needs_review: 38_000, unreadable: 1 },
      queue: { depth: 3, oldestSeconds: 12 },
      storage: { used: 8e11, free: 3e12 },
    },
    trouble: null,
  }),
  archiveHere: () => ({ place: '/data/archive', bytesFree: 3e12, sameDisk: true }),
  pace: () => ({
    from: Date.now() - 8 * HOUR,
    stepMs: HOUR / 12,
    bytes: Array.from({ length: 96 }, (_, i) => (i % 20) * 4e7),
    tracks: Array.from({ length: 96 }, () => 5),
  }),
};
/** A page on loopback: folders are looked through in the page. */
const WEB: Answers = {
  ...ANSWERS,
  capabilities: () => ({ ...DESKTOP, folders: 'browser', preferences: false, secrets: 'memory' }),
  browse: () => ({
    here: { ref: 'home', path: '/home/anna' },
    parent: null,
    folders: ['Music', 'أغنية طويلة'].map((name, i) => ({ ref: `f${i}`, name })),
    trouble: null,
  }),
};

interface Sight {
  readonly view?: string;
  readonly state: PageState;
  readonly answers?: Answers;
  /** What is pressed before, by its words. */
  readonly press?: readonly string[];
  /** Words that show that all is there. */
  readonly until: string;
}

const SIGHTS: Readonly<Record<string, Sight>> = {
  'Welcome, folders by the dialog': { state: NOTHING_CHOSEN, until: 'Choose folders' },
  'Welcome, folders in the page': { state: NOTHING_CHOSEN, answers: WEB, until: 'With everything in it' },
  'Welcome, an archive here': {
    state: stateOf({ archive: null, work: null }),
    press: ['On this computer', 'Choose another folder'],
    until: 'Choose a folder',
  },
  'Welcome, an archive on a server': {
    state: stateOf({ archive: null, work: null }),
    answers: {
      ...WEB,
      useArchiveAt: () => ({ ok: false, field: 'password', message: 'This password is wrong.' }),
    },
    press: ['On a server'],
    until: 'Address of the archive',
  },
  'Welcome, the plan': { state: stateOf({ archive: HERE, work: null }), until: 'There is not room' },
  'Tonight, at work': { view: 'tonight', state: working(), until: 'Nachtzug' },
  'Tonight, signed out': {
    view: 'tonight',
    state: stateOf({ work: null, trouble: { code: 'signed_out', message: 'Please sign in again.' } }),
    until: 'Stay signed in',
  },
  'Tonight, all done': {
    view: 'tonight',
    state: stateOf({ standing: standingOf({ archived: 65_000, bytesArchived: 2e12 }) }),
    until: 'New music is found',
  },
  'Needs attention': { view: 'attention', state: working(), until: 'Left out because you said so' },
  'Needs attention, nothing': { view: 'attention', state: stateOf(), until: 'Nothing needs you' },
  'The wall': { view: 'wall', state: working(), until: 'Harbour Sessions' },
  Tracks: { view: 'tracks', state: working(), until: 'Nachtzug' },
  'The tracks of an album': { view: 'tracks/7', state: working(), until: 'Nachtzug' },
  "A track's own page": { view: 'track/1', state: working(), until: 'In the archive' },
  'Archive, on a server': { view: 'archive', state: working(), until: 'anna@example.org' },
  'Settings, on a desktop': {
    view: 'settings',
    state: {
      ...working(),
      settings: {
        ...stateOf().settings,
        lineLimit: 4e6,
        nightWindow: { from: '22:00', to: '07:00' },
        concurrency: 4,
      },
    },
    until: 'Start when I log in',
  },
  'Settings, on loopback': { view: 'settings', state: stateOf(), answers: WEB, until: 'Add a folder' },
};

const LOOKS = [
  { colorScheme: 'light', size: { width: 1200, height: 780 } },
  { colorScheme: 'dark', size: { width: 720, height: 520 } },
] as const;

describe.skipIf(chromiumPath === undefined)('axe-core finds nothing, large by day and small by night', () => {
  const open = scriptedPages();

  test.each(Object.entries(SIGHTS))('%s', async (_name, { view = '', state, answers, press = [], until }) => {
    const { page, offences, goTo } = await open(state, answers ?? ANSWERS, { reducedMotion: 'reduce' });
    await goTo(view);
    for (const words of press) await page.getByText(words).click();
    await page.getByText(until).first().waitFor();
    for (const { colorScheme, size } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      expect(await foundByAxe(page), `${colorScheme}, ${size.width} wide`).toEqual([]);
    }
    expect(offences).toEqual([]);
  });

  test('the words for who is not let in', async () => {
    const { page, host, says } = await open(stateOf(), ANSWERS);
    host.letIn(false);
    await says(/This page needs its link/);
    expect(await foundByAxe(page)).toEqual([]);
  });

  test('it would find a picture without words, and a button without a name', async () => {
    const { page } = await open(stateOf(), ANSWERS);
    await page.evaluate(
      "document.querySelector('main').append(document.createElement('button'), document.createElement('img'))",
    );
    const found = await foundByAxe(page);
    expect(new Set(found.map((line) => line.split(' ')[0]))).toEqual(new Set(['button-name', 'image-alt']));
  });
});
