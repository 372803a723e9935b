import { describe, expect, test } from 'vitest';
import { formatsFor } from '../../shared/formats.ts';
import type { PageState, PageWork } from '../../shared/bridge/state.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { archiveSentence } from '../../src-renderer/words/archive.ts';
import { attentionSentence, moreWords } from '../../src-renderer/words/attention.ts';
import { keepPlaces, splitPath } from '../../src-renderer/words/file-name.ts';
import { gateWords } from '../../src-renderer/words/gate.ts';
import { planSentence, roomWords, timeWords } from '../../src-renderer/words/plan.ts';
import {
  bytesWords,
  lineWords,
  partWords,
  shareDone,
  shareWords,
} from '../../src-renderer/words/progress.ts';
import { sentence, textOf, titleOf } from '../../src-renderer/words/sentence.ts';
import { isPaused, lineLimitOf, nightWords, tonightWords } from '../../src-renderer/words/settings.ts';
import { idleWords, waitingWords } from '../../src-renderer/words/waiting.ts';
import { flightOf, standingOf, stateOf, workOf } from '../kit/page-states.ts';

const formats = formatsFor('en-GB', 'UTC');
/** A Sunday, 22:00 */
const AWAY = [{ id: 1, path: '/music', trouble: 'It is not there.', standing: standingOf() }];
const NOW = Date.UTC(2026, 10, 22, 22);
const HOUR = 3_600_000;

const half = standingOf({
  archived: 38_412,
  waiting: 26_576,
  failed: 12,
  skipped: 388,
  bytesArchived: 1.1e12,
  bytesWaiting: 0.8e12,
});
const working = (work: Partial<PageWork> = {}): PageState => stateOf({ standing: half, work: workOf(work) });
const said = (state: PageState): string => {
  const { headline, below } = sentence(state, NOW, formats);
  return `${textOf(headline)} ${below}`;
};

describe('the sentence', () => {
  test.each<[string, PageState, string]>([
    [
      'at work',
      working({ endsAt: NOW + 31 * HOUR + 2_400_000 }),
      '38,412 of 65,000 tracks archived. At this pace done on Tuesday about 05:40.',
    ],
    [
      'at work, before the pace is known',
      working(),
      '38,412 of 65,000 tracks archived. How long it takes can be told in a moment.',
    ],
    [
      'paused for a while',
      working({ gate: { state: 'closed', reason: 'paused', nextChange: NOW + HOUR } }),
      '38,412 of 65,000 tracks archived. Paused. It continues about 23:00.',
    ],
    [
      'paused with files still under way',
      working({
        gate: { state: 'draining', reason: 'paused' },
        inFlight: [flightOf('a.mp3', 2, 1)],
      }),
      '38,412 of 65,000 tracks archived. Paused until you resume. What is under way may finish first.',
    ],
    [
      'paused, with nothing left under way',
      working({ gate: { state: 'draining', reason: 'paused' } }),
      '38,412 of 65,000 tracks archived. Paused until you resume.',
    ],
    [
      'looking, with nothing found yet',
      stateOf({ work: workOf({ scanning: true }) }),
      'Looking through your music. What is found sets out at once.',
    ],
    [
      'looking, with some found',
      working({ scanning: true }),
      '38,412 of 65,000 tracks archived so far. Still looking through your music. What is found sets out at once.',
    ],
    [
      'stopped by trouble',
      stateOf({ standing: half, work: null, trouble: { code: 'signed_out', message: 'Sign in again.' } }),
      '38,412 of 65,000 tracks archived. It has stopped. Sign in again.',
    ],
    [
      'all done',
      stateOf({ standing: standingOf({ archived: 65_000 }) }),
      'All 65,000 tracks are archived. New music is found and archived by itself.',
    ],
    [
      'all one done',
      stateOf({ standing: standingOf({ archived: 1 }) }),
      'Your one track is archived. New music is found and archived by itself.',
    ],
    [
      'done but one',
      stateOf({ standing: standingOf({ archived: 9, failed: 1 }) }),
      '9 of 10 tracks archived; 1 needs attention. Everything else is done. New music is found and archived by itself.',
    ],
    [
      'all done, and paused: new music would not be archived',
      stateOf({
        standing: standingOf({ archived: 2 }),
        work: workOf({ gate: { state: 'closed', reason: 'paused' } }),
      }),
      'All 2 tracks are archived. Paused until you resume.',
    ],
    [
      'all done that is known, with a folder out of reach',
      stateOf({ standing: standingOf({ archived: 2 }), libraries: AWAY }),
      'All 2 tracks are archived. It is not there.',
    ],
    [
      'nothing known, with a folder out of reach',
      stateOf({ libraries: AWAY }),
      'A music folder cannot be reached. It is not there.',
    ],
    [
      'folders without music',
      stateOf({ standing: standingOf({ skipped: 3 }) }),
      'There is no music in your folders yet. Whatever you put there is found and archived by itself.',
    ],
    [
      'before the archive has answered, with all archived that was known before',
      stateOf({
        standing: standingOf({ archived: 300 }),
        work: workOf({
          looked: false,
          gate: { state: 'closed', message: 'Getting in touch with the archive' },
        }),
      }),
      '300 of 300 tracks archived so far. Getting in touch with the archive.',
    ],
    [
      'when the work makes way for another folder',
      stateOf({
        standing: standingOf({ archived: 300 }),
        work: workOf({ looked: false, gate: { state: 'draining', reason: 'stopping' } }),
      }),
      '300 of 300 tracks archived so far. What is under way is being finished.',
    ],
    [
      'before the archive has answered for the first time',
      stateOf({
        work: workOf({
          looked: false,
          gate: { state: 'closed', message: 'Getting in touch with the archive' },
        }),
      }),
      'Looking through your music. Getting in touch with the archive.',
    ],
  ])('%s', (_situation, state, words) => expect(said(state)).toBe(words));

  test('never says that all is archived while it is still looking, or while one waits or failed', () => {
    const states = [
      stateOf({ standing: standingOf({ archived: 300 }), work: workOf({ scanning: true }) }),
      stateOf({ standing: standingOf({ archived: 300, waiting: 1 }) }),
      stateOf({ standing: standingOf({ archived: 300, failed: 1 }) }),
      stateOf({ standing: standingOf({ archived: 300 }), work: workOf({ looked: false }) }),
      stateOf({ standing: standingOf(), work: workOf({ scanning: true }) }),
    ];
    for (const state of states) expect(said(state)).not.toMatch(/^(All|Your one)/);
  });

  test('the archived number stands in the light', () => {
    expect(sentence(working(), NOW, formats).headline).toContainEqual({ text: '38,412', lamp: true });
  });

  test('in the system’s digits', () => {
    const { headline } = sentence(working(), NOW, formatsFor('de-DE', 'UTC'));
    expect(textOf(headline)).toBe('38.412 of 65.000 tracks archived.');
  });

  test('short, for the tab', () => {
    expect(titleOf(working(), formats)).toBe('38,412 of 65,000 · Ledgerline');
    expect(titleOf(stateOf(), formats)).toBe('Ledgerline');
  });
});

describe('why nothing is sent', () => {
  test.each<[PageWork['gate'], string | undefined]>([
    [{ state: 'open' }, undefined],
    [{ state: 'closed', reason: 'paused' }, 'Paused until you resume.'],
    [
      { state: 'closed', reason: 'night', nextChange: NOW + 20 * HOUR },
      'Waiting for the night. It continues on Monday about 18:00.',
    ],
    [
      {
        state: 'closed',
        reason: 'offline',
        message: 'No answer. It continues by itself.',
        nextChange: NOW + 33_000,
      },
      'No answer. It continues by itself. It is asked again in 40 s.',
    ],
    [{ state: 'closed', reason: 'archive_busy' }, 'The archive is busy. It continues by itself.'],
    [
      { state: 'closed', reason: 'archive_full', message: 'The archive is full.' },
      'The archive is full. It continues by itself as soon as there is room.',
    ],
    [
      { state: 'closed', reason: 'signed_out' },
      'The archive does not know us any more. Sign in again to go on.',
    ],
    [
      { state: 'closed', reason: 'library_gone' },
      'The music folder cannot be reached. Connect its disk to go on.',
    ],
    [{ state: 'draining', reason: 'stopping' }, 'What is under way is being finished.'],
  ])('%o', (gate, words) => expect(gateWords({ gate, inFlight: [] }, formats, NOW)).toBe(words));
});

describe('what waits', () => {
  test('adds up to what is not archived, each with its reason', () => {
    expect(waitingWords(working(), formats).map(({ text }) => text)).toEqual([
      '26,576 tracks for their turn',
      '12 need attention',
      '388 files left out, each with its reason',
    ]);
    expect(waitingWords(stateOf({ standing: standingOf({ archived: 5 }) }), formats)).toEqual([]);
  });

  test.each([
    'paused',
    'night',
    'offline',
    'archive_busy',
    'archive_full',
    'signed_out',
    'library_gone',
    'stopping',
  ] as const)('says another reason when the gate is closed: %s', (reason) => {
    const [first] = waitingWords(working({ gate: { state: 'closed', reason } }), formats);
    expect(first?.text).toMatch(/^26,576 tracks /);
    expect(first?.text).not.toMatch(/turn$/);
  });

  test('why nothing is on its way', () => {
    expect(idleWords(working())).toBe('The next files are being read.');
    expect(idleWords(working({ gate: { state: 'closed', reason: 'night' } }))).toBe(
      'Nothing; it waits for the night.',
    );
    expect(idleWords(stateOf({ standing: standingOf({ archived: 5 }) }))).toBe('Nothing: all is done.');
    expect(idleWords(stateOf({ standing: half, work: null }))).toBe('Nothing: it has stopped.');
  });
});

describe('how far it is', () => {
  test('is never the whole while something waits', () => {
    const nearly = standingOf({ archived: 9, waiting: 1, bytesArchived: 1e12, bytesWaiting: 0 });
    expect(shareDone(nearly)).toBeLessThan(1);
    expect(shareWords(nearly, formats)).toBe('99 %');
    expect(shareDone(standingOf({ archived: 9, failed: 1 }))).toBe(0.9);
    expect(shareDone(standingOf({ archived: 9 }))).toBe(1);
    expect(shareDone(standingOf())).toBe(0);
  });

  test.each([
    [31e6, 43e6, '31 of 43 MB'],
    [400_000, 43e6, '0 of 43 MB'],
    [1_500_000, 8_200_000, '1.5 MB of 8.2 MB'],
    [0, 512, '0 of 512 bytes'],
  ])('%d of %d bytes: %s', (sent, bytes, words) => expect(partWords(sent, bytes, formats)).toBe(words));

  test('the line beside what it may take', () => {
    const settings = { ...DEFAULT_SETTINGS, lineLimit: 4_000_000 };
    expect(lineWords(working({ bytesPerSecond: 3.2e6 }), formats)).toBe('3.2 MB/s');
    expect(lineWords({ ...working({ bytesPerSecond: 3.2e6 }), settings }, formats)).toBe(
      '3.2 MB/s of 4.0 MB/s allowed',
    );
    expect(lineWords(working(), formats)).toBe('at rest');
  });
});

describe('settings', () => {
  test('a limit that cannot be kept is none', () => {
    expect(lineLimitOf(4)).toBe(4_000_000);
    expect(lineLimitOf(0.01)).toBe(10_000);
    expect([lineLimitOf(0), lineLimitOf(0.001), lineLimitOf(Number.NaN)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('hours as the system writes them', () => {
    const night = { from: '22:00', to: '07:00' };
    expect(nightWords(night, formats)).toMatch(/^Files are sent from 22:00 to 07:00\./);
    expect(nightWords(night, formatsFor('en-US'))).toMatch(/from 10:00\sPM to 07:00\sAM/);
    expect(nightWords(null, formats)).toBe('Day and night.');
    const [noon, late] = [new Date(2026, 10, 22, 12).getTime(), new Date(2026, 10, 22, 22, 30).getTime()];
    expect(tonightWords(DEFAULT_SETTINGS, noon, formats)).toBe('Until tonight, 22:00');
    expect(tonightWords(DEFAULT_SETTINGS, late, formats)).toBe('Until tomorrow night, 22:00');
    const later = { ...DEFAULT_SETTINGS, nightWindow: { from: '23:30', to: '06:00' } };
    expect(tonightWords(later, late, formats)).toBe('Until tonight, 23:30');
  });

  test('a pause whose time has come is none', () => {
    expect(isPaused(null, NOW)).toBe(false);
    expect(isPaused({ until: null }, NOW)).toBe(true);
    expect(isPaused({ until: NOW + 1 }, NOW)).toBe(true);
    expect(isPaused({ until: NOW }, NOW)).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['Artist/Album/Song.mp3', 'Song.mp3', 'Artist · Album'],
    ['Artist\\Song.mp3', 'Song.mp3', 'Artist'],
    ['Song.mp3', 'Song.mp3', ''],
  ])('%s', (path, name, folders) => expect(splitPath(path)).toEqual({ name, folders }));

  test('those under way keep their places, and new ones take the free ones', () => {
    expect(keepPlaces([], ['a', 'b', 'c'], 9)).toEqual(['a', 'b', 'c']);
    expect(keepPlaces(['a', 'b'], ['a', 'c', 'd'], 2)).toEqual(['a', 'c']);
    expect(keepPlaces(['a', 'b', 'c'], ['c', 'a'], 9)).toEqual(['a', null, 'c']);
    expect(keepPlaces(['a', null, 'c'], ['c', 'd', 'a', 'e'], 9)).toEqual(['a', 'd', 'c', 'e']);
    expect(keepPlaces(['a', 'b'], [], 9)).toEqual([]);
  });
});

describe('what needs attention', () => {
  test('good news where nothing does', () => {
    const done = stateOf({ standing: standingOf({ archived: 5 }) });
    expect(textOf(attentionSentence(done, formats).headline)).toBe('Nothing needs you.');
    const stopped = { code: 'signed_out', message: 'Please sign in again.' };
    const needing = [stateOf({ work: null, trouble: stopped }), stateOf({ libraries: AWAY })];
    expect(needing.map((state) => attentionSentence(state, formats))).toEqual(
      ['Please sign in again.', 'It is not there.'].map((below) => ({
        headline: [{ text: 'No single track needs attention.' }],
        below,
      })),
    );
    expect(textOf(attentionSentence(working(), formats).headline)).toBe('12 tracks need attention.');
  });

  test('what is beyond the examples is counted', () => {
    expect(moreWords(9, 3, formats)).toBe('and 6 more');
    expect(moreWords(3, 3, formats)).toBeUndefined();
  });
});

describe('an archive that we are not in touch with', () => {
  const server = { kind: 'server', place: 'https://archive.example.org', email: 'anna@example.org' } as const;
  const here = { kind: 'here', place: '/disk', bytesFree: 1e9, sameDisk: false } as const;
  const status = { place: '', email: null, signedIn: false, lastContact: null, told: null, trouble: null };

  test('has signed nobody out by being away, or by not being asked yet', () => {
    expect(archiveSentence(server, status, null)).toBe('We are not in touch with the archive just now.');
    const full = { code: 'archive_full', message: 'The archive is full.' };
    expect(archiveSentence(server, status, full)).not.toMatch(/signed out/);
  });

  test('says that somebody is signed out when that is so', () => {
    const out = { code: 'signed_out', message: 'Please sign in again.' };
    expect(archiveSentence(server, status, out)).toBe('You are signed out of the archive.');
  });

  test('on this computer knows no log-in that could have ended', () => {
    const noRoom = { code: 'no_room', message: 'There is not room enough.' };
    for (const trouble of [null, noRoom])
      expect(archiveSentence(here, status, trouble)).toBe(
        'The archive on this computer is not open just now.',
      );
  });
});

test('bytes whose rest failed are not told as all of it', () => {
  const rest = standingOf({ archived: 435, failed: 2, bytesArchived: 358e6 });
  expect(`${bytesWords(rest, formats)}, ${shareWords(rest, formats)}`).toBe('358 MB archived, 99 %');
  expect(bytesWords({ ...rest, failed: 0 }, formats)).toBe('358 MB of 358 MB');
  expect(bytesWords({ ...rest, bytesWaiting: 2e6 }, formats)).toBe('358 MB of 360 MB');
});

describe('the plan', () => {
  const plan = { tracks: 0, bytes: 0, formats: [], otherFiles: 0, archived: 12, times: [], room: null };

  test('does not call archived what failed', () => {
    const leftOut = [{ reason: 'The disk could not read this file.', files: 3, examples: [] }];
    expect(planSentence({ ...plan, leftOut }, formats)).toBe('Nothing new: 12 tracks are archived already.');
    expect(planSentence({ ...plan, leftOut: [], archived: 1 }, formats)).toBe(
      'Nothing new: 1 track is archived already.',
    );
  });

  test('counts nights only where there is need of one', () => {
    const time = (seconds: number, nights: number): string =>
      timeWords({ pace: 'a line of 20 Mbit/s', seconds, nights }, formats);
    expect(time(6, 1)).not.toMatch(/night/);
    expect(time(5 * 3600, 1)).toMatch(/, in one night$/);
    expect(time(50 * 3600, 6)).toMatch(/, in 6 nights$/);
    expect(time(6, 2)).toMatch(/, in 2 nights$/);
  });

  test('promises no copies where the run will not begin', () => {
    const words = roomWords({ needed: 1e12, free: 2e9, enough: false }, formats);
    expect(words).toMatch(/takes .*TB, some should stay free, and .*GB are free/);
    expect(words).toMatch(/Nothing is copied before there is room for all of it/);
  });
});
