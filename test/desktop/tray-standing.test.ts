import { describe, expect, test } from 'vitest';
import type { PageState, PageWork } from '../../shared/bridge/state.ts';
import { formatsFor } from '../../shared/formats.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { barProgress, trayStanding } from '../../src-main/desktop/tray/standing.ts';
import { NOTHING_CHOSEN, standingOf, stateOf, workOf } from '../kit/page-states.ts';

const NOW = Date.UTC(2026, 10, 22, 22, 0);
const FORMATS = formatsFor('en-GB', 'UTC');
const PART = standingOf({ archived: 12_345, waiting: 52_655, bytesArchived: 37, bytesWaiting: 63 });

const of = (state: PageState | undefined) => trayStanding(state, NOW, FORMATS);
const gated = (gate: PageWork['gate'], some: Partial<PageState> = {}): PageState =>
  stateOf({ standing: PART, work: workOf({ gate }), ...some });

describe('what the tray says', () => {
  test('while it works: how many of how many, how fast, and when it is done', () => {
    const work = workOf({ bytesPerSecond: 3_200_000, endsAt: NOW + 7 * 3_600_000 + 40 * 60_000 });
    expect(of(stateOf({ standing: PART, work }))).toEqual({
      shape: 'working',
      share: 0.37,
      line: '12,345 of 65,000 · 3.2 MB/s · done on Monday about 05:40',
      offers: 'pause',
    });
  });

  test('in the numbers of the system’s language', () => {
    const work = workOf({ bytesPerSecond: 3_200_000, endsAt: NOW + 30 * 60_000 });
    const { line } = trayStanding(stateOf({ standing: PART, work }), NOW, formatsFor('de-DE', 'UTC'));
    expect(line).toBe('12.345 of 65.000 · 3,2 MB/s · done about 22:30');
  });

  test.each([
    [{ state: 'closed', reason: 'paused' }, 'paused', '12,345 of 65,000 · paused'],
    [
      { state: 'closed', reason: 'paused', nextChange: NOW + 3_600_000 },
      'paused',
      '12,345 of 65,000 · paused, continues about 23:00',
    ],
    [
      { state: 'draining', reason: 'night', nextChange: NOW + 24 * 3_600_000 },
      'night',
      '12,345 of 65,000 · waiting for the night, continues on Monday about 22:00',
    ],
    [{ state: 'closed', reason: 'battery' }, 'paused', '12,345 of 65,000 · waiting for the power cable'],
    [{ state: 'closed', reason: 'offline' }, 'offline', '12,345 of 65,000 · the archive cannot be reached'],
    [{ state: 'closed', reason: 'archive_busy' }, 'offline', '12,345 of 65,000 · the archive is busy'],
    [{ state: 'closed', reason: 'archive_full' }, 'attention', '12,345 of 65,000 · the archive is full'],
    [{ state: 'closed', reason: 'signed_out' }, 'attention', '12,345 of 65,000 · please sign in again'],
    [{ state: 'draining', reason: 'stopping' }, 'working', '12,345 of 65,000 · finishing what is under way'],
  ] as const)('while the gate says %j', (gate, shape, line) => {
    expect(of(gated(gate))).toMatchObject({ shape, line, share: 0.37 });
  });

  test('when something stopped it', () => {
    const trouble = { code: 'signed_out', message: 'Please sign in again at https://a.example.' };
    expect(of(stateOf({ standing: PART, work: null, trouble }))).toMatchObject({
      shape: 'attention',
      line: '12,345 of 65,000 · please sign in again',
      offers: undefined,
    });
    expect(
      of(stateOf({ standing: PART, work: null, trouble: { ...trouble, code: 'no_room' } })),
    ).toMatchObject({
      shape: 'attention',
      line: '12,345 of 65,000 · it has stopped and needs you',
    });
  });

  test('when a folder is gone, even where nothing waits', () => {
    const standing = standingOf({ archived: 3 });
    const libraries = [{ id: 1, path: '/music', trouble: 'It is not there.', standing }];
    expect(of(stateOf({ standing, libraries }))).toMatchObject({
      shape: 'attention',
      line: '3 of 3 · a music folder cannot be reached',
    });
  });

  test('when all is done, and when some of it needs somebody', () => {
    expect(of(stateOf({ standing: standingOf({ archived: 65_000, skipped: 4 }) }))).toMatchObject({
      shape: 'done',
      share: 1,
      line: '65,000 of 65,000 · all archived',
    });
    const standing = standingOf({ archived: 64_997, failed: 3 });
    const but = of(stateOf({ standing }));
    expect(but).toMatchObject({ shape: 'attention', line: '64,997 of 65,000 · 3 need attention' });
    expect(but.share).toBeLessThan(1);
  });

  test('done is not said while it still looks, nor of nothing', () => {
    expect(
      of(stateOf({ standing: standingOf({ archived: 5 }), work: workOf({ scanning: true }) })),
    ).toMatchObject({
      shape: 'working',
      line: '5 of 5 · looking through your music',
    });
    const between = { looked: false, gate: { state: 'closed', message: 'Getting in touch' } } as const;
    expect(of(stateOf({ standing: standingOf({ archived: 5 }), work: workOf(between) }))).toMatchObject({
      shape: 'working',
      line: '5 of 5 · getting in touch with the archive',
    });
    const away = { looked: false, gate: { state: 'closed', reason: 'offline' } } as const;
    expect(of(stateOf({ standing: standingOf({ archived: 5 }), work: workOf(away) }))).toMatchObject({
      shape: 'offline',
      line: '5 of 5 · the archive cannot be reached',
    });
    expect(of(stateOf())).toMatchObject({ shape: 'idle', line: 'No music found yet' });
    expect(of(NOTHING_CHOSEN)).toMatchObject({
      shape: 'idle',
      line: 'Nothing is being archived',
      offers: undefined,
    });
    expect(of(undefined)).toMatchObject({ shape: 'idle', offers: undefined });
  });

  test('offers to resume as soon as somebody paused, even where nothing waits', () => {
    const settings = { ...DEFAULT_SETTINGS, pause: { until: null } };
    const work = workOf({ gate: { state: 'closed', reason: 'paused' } });
    const paused = of(stateOf({ settings, work, standing: standingOf({ archived: 3 }) }));
    expect(paused).toMatchObject({ offers: 'resume', shape: 'paused' });
  });

  test('the night and the line matter only while something waits', () => {
    const work = workOf({ gate: { state: 'closed', reason: 'night' } });
    expect(of(stateOf({ work, standing: standingOf({ archived: 3 }) })).shape).toBe('done');
  });
});

describe('the task bar', () => {
  test('shows progress, at rest in its colour, and nothing when there is nothing to show', () => {
    expect(barProgress({ shape: 'working', share: 0.37 })).toEqual({ value: 0.37, mode: 'normal' });
    expect(barProgress({ shape: 'night', share: 0.37 })).toEqual({ value: 0.37, mode: 'paused' });
    expect(barProgress({ shape: 'attention', share: 0.37 })).toEqual({ value: 0.37, mode: 'error' });
    expect(barProgress({ shape: 'done', share: 1 })).toEqual({ value: -1, mode: 'none' });
  });
});
