import { describe, expect, test } from 'vitest';
import type { PageState } from '../../shared/bridge/state.ts';
import { formatsFor } from '../../shared/formats.ts';
import {
  createNotifier,
  newsOf,
  NO_NEWS,
  type NewsMemory,
  type Told,
} from '../../src-main/desktop/notifications.ts';
import { standingOf, stateOf, workOf } from '../kit/page-states.ts';

const FORMATS = formatsFor('en-GB', 'UTC');
const HOUR = 3_600_000;

/** All that is told while things stand as listed, one after the other. */
const told = (...states: readonly (readonly [state: PageState, at?: number])[]): readonly Told[] => {
  let memory: NewsMemory = NO_NEWS;
  return states.flatMap(([state, at = 0]) => {
    const next = newsOf(memory, state, at, FORMATS);
    ({ memory } = next);
    return next.news;
  });
};

const waiting = (archived: number, left: number, some: Partial<PageState> = {}): PageState =>
  stateOf({ standing: standingOf({ archived, waiting: left }), ...some });
const done = (archived: number, failed = 0): PageState =>
  stateOf({ standing: standingOf({ archived, failed }) });
const scanning = (archived: number): PageState =>
  stateOf({ standing: standingOf({ archived }), work: workOf({ scanning: true }) });

const SIGNED_OUT = { trouble: { code: 'signed_out', message: 'Please sign in again.' }, work: null };
const full = (archived: number): PageState =>
  waiting(archived, 5, { work: workOf({ gate: { state: 'closed', reason: 'archive_full' } }) });

describe('finishing', () => {
  test('is told once, with how much is archived', () => {
    expect(
      told([waiting(0, 65_000)], [waiting(64_999, 1)], [scanning(65_000)], [done(65_000)], [done(65_000)]),
    ).toEqual([{ title: 'All archived', body: '65,000 tracks are in the archive.' }]);
  });

  test('names what needs attention', () => {
    expect(told([waiting(0, 12)], [done(9, 3)])).toEqual([
      { title: 'Done, but for 3 tracks', body: '9 tracks are in the archive; 3 need attention.' },
    ]);
    expect(told([waiting(0, 2)], [done(1, 1)])).toEqual([
      { title: 'Done, but for one track', body: '1 track is in the archive; 1 needs attention.' },
    ]);
  });

  test('is no news when all was done at the start, nor when it is looked through again', () => {
    expect(told([scanning(10)], [done(10)], [scanning(10)], [done(10)])).toEqual([]);
  });

  test('is not told for each file that is added', () => {
    const files = Array.from({ length: 30 }, (_, i) => [
      [waiting(100 + i, 1), i * 60_000] as const,
      [done(101 + i), i * 60_000 + 5_000] as const,
    ]).flat();
    expect(told([waiting(0, 100)], [done(100)], ...files)).toHaveLength(1);
    expect(
      told([waiting(0, 100)], [done(100)], [waiting(100, 1), 5 * HOUR], [done(101), 5 * HOUR]),
    ).toHaveLength(1);
  });

  test('of another evening’s worth is told again', () => {
    expect(
      told([waiting(0, 100)], [done(100)], [waiting(100, 40), 5 * HOUR], [done(140), 6 * HOUR]),
    ).toHaveLength(2);
  });

  test('is not said between two runs, nor while one makes way for the next, nor with a folder out of reach', () => {
    const between = stateOf({ standing: standingOf({ archived: 5 }), work: workOf({ looked: false }) });
    const ending = stateOf({
      standing: standingOf({ archived: 5 }),
      work: workOf({ gate: { state: 'draining', reason: 'stopping' } }),
    });
    const standing = standingOf({ archived: 5 });
    const away = stateOf({
      standing,
      libraries: [{ id: 1, path: '/music', trouble: 'It is away.', standing }],
    });
    expect(told([waiting(0, 5)], [ending], [between], [away])).toEqual([]);
    // And then it is, with what was found meanwhile.
    expect(told([waiting(0, 5)], [ending], [between], [scanning(5)], [waiting(5, 2)], [done(7)])).toEqual([
      { title: 'All archived', body: '7 tracks are in the archive.' },
    ]);
  });

  test('is not said where nothing is in the archive', () => {
    expect(told([waiting(0, 5)], [done(0)], [waiting(0, 5)], [done(5)])).toHaveLength(1);
  });

  test('is not said of what was stopped or forgotten', () => {
    expect(told([waiting(0, 5)], [stateOf({ work: null })])).toEqual([]);
    expect(
      told([waiting(0, 5)], [stateOf({ ...SIGNED_OUT, standing: standingOf({ archived: 5 }) })]),
    ).toHaveLength(1);
  });
});

describe('being signed out', () => {
  test('is told once, until it goes on again', () => {
    expect(
      told(
        [waiting(3, 412, SIGNED_OUT)],
        [waiting(3, 412, SIGNED_OUT)],
        [waiting(3, 412)],
        [waiting(4, 411, SIGNED_OUT)],
      ),
    ).toEqual([
      { title: 'Please sign in again', body: 'Nothing is archived until then; 412 tracks are waiting.' },
      { title: 'Please sign in again', body: 'Nothing is archived until then; 411 tracks are waiting.' },
    ]);
  });
});

describe('a full archive', () => {
  test('is told once, however often the gate opens for another try', () => {
    expect(told([full(3)], [waiting(3, 5)], [full(3)], [waiting(3, 5)], [full(3)])).toEqual([
      {
        title: 'The archive is full',
        body: 'It needs room before anything more can be archived; 5 tracks are waiting.',
      },
    ]);
  });

  test('is told again when room was made and that is full as well', () => {
    expect(told([full(3)], [waiting(4, 5)], [full(4)])).toHaveLength(2);
  });
});

describe('whatever else ends the work', () => {
  const stopped = (code: string): PageState =>
    waiting(3, 5, { work: null, trouble: { code, message: `It is ${code}.` } });

  test('is told once, in its own words, until it goes on again', () => {
    expect(
      told(
        [stopped('no_room')],
        [stopped('no_room')],
        [waiting(3, 5, { work: workOf({ gate: { state: 'closed' } }) })],
        [stopped('no_room')],
        [stopped('forbidden')],
        [waiting(3, 5)],
        [stopped('forbidden')],
      ),
    ).toEqual(
      ['no_room', 'forbidden', 'forbidden'].map((code) => ({
        title: 'Ledgerline has stopped',
        body: `It is ${code}.`,
      })),
    );
  });

  test('is not told beside what has words of its own', () => {
    expect(told([stopped('signed_out')], [stopped('archive_full')]).map(({ title }) => title)).toEqual([
      'Please sign in again',
      'The archive is full',
    ]);
  });
});

describe('the notifier', () => {
  const world = (supported = true) => {
    const shown: { readonly told: Told; click: () => void }[] = [];
    let wanted = true;
    let opened = 0;
    class Notification {
      static isSupported = (): boolean => supported;
      readonly one: { told: Told; click: () => void };
      constructor(given: Told) {
        this.one = { told: given, click: () => undefined };
      }
      on(event: string, listener: () => void): this {
        if (event === 'click') this.one.click = listener;
        return this;
      }
      show(): void {
        shown.push(this.one);
      }
    }
    const notifier = createNotifier({
      Notification: Notification as never,
      isWanted: () => wanted,
      onClick: () => void (opened += 1),
    });
    return { notifier, shown, want: (is: boolean) => void (wanted = is), opened: () => opened };
  };

  test('shows what it is told, and a click opens the window', () => {
    const { notifier, shown, opened } = world();
    notifier.tell({ title: 'All archived', body: '5 tracks are in the archive.' });
    expect(shown.map((one) => one.told.title)).toEqual(['All archived']);
    shown[0]?.click();
    expect(opened()).toBe(1);
  });

  test('is silent where a person or the system wants none', () => {
    const { notifier, shown, want } = world();
    want(false);
    notifier.tell({ title: 'All archived', body: '' });
    expect(shown).toEqual([]);
    const without = world(false);
    without.notifier.tell({ title: 'All archived', body: '' });
    expect(without.shown).toEqual([]);
  });
});
