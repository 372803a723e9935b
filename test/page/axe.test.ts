import { describe, expect, test } from 'vitest';
import type { PageFailureGroup } from '../../shared/bridge/calls.ts';
import type { Night } from '../../shared/bridge/pace.ts';
import type { Plan } from '../../shared/bridge/plan.ts';
import type { PageArchive, PageState } from '../../shared/bridge/state.ts';
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

const ANSWERS: Answers = {
  capabilities: () => DESKTOP,
  preferences: () => ({ theme: 'system', startAtLogin: true, notifications: false, keepAwake: true }),
  failures: () => [...GROUPS],
  plan: () => PLAN,
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

const SIZES = [
  { width: 720, height: 520 },
  { width: 1200, height: 780 },
];

describe.skipIf(chromiumPath === undefined)('axe-core finds nothing, light and dark, small and large', () => {
  const open = scriptedPages();

  test.each(Object.entries(SIGHTS))('%s', async (_name, { view = '', state, answers, press = [], until }) => {
    const { page, offences, goTo } = await open(state, answers ?? ANSWERS, { reducedMotion: 'reduce' });
    await goTo(view);
    for (const words of press) await page.getByText(words).click();
    await page.getByText(until).first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const)
      for (const size of SIZES) {
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
