import { describe, expect, test } from 'vitest';
import {
  DiffersError,
  ForbiddenError,
  NotAnArchiveError,
  RefusedError,
  SignedOutError,
  UnreachableError,
  UnsafeAddressError,
} from '../../../src-main/engine/archive/errors.ts';
import { LedgerDiskError } from '../../../src-main/engine/ledger/errors.ts';
import { createHindrances } from '../../../src-main/engine/hindrances.ts';
import { backoffMs, MAX_ATTEMPTS } from '../../../src-main/engine/transfer/backoff.ts';
import {
  firstPace,
  MAX_SLOTS,
  MIN_SLOTS,
  nextPace,
  slotsForSize,
  type Observation,
} from '../../../src-main/engine/transfer/concurrency.ts';
import { createDoubts, isKnownUndone, RecordInDoubtError } from '../../../src-main/engine/transfer/doubt.ts';
import { judge, type FailedStep } from '../../../src-main/engine/transfer/failure.ts';
import { DRAIN_MS, gate } from '../../../src-main/engine/transfer/gate.ts';
import { createHeldBytes } from '../../../src-main/engine/transfer/held-bytes.ts';
import { nextStep, type ArchiveManners, type FlightState } from '../../../src-main/engine/transfer/plan.ts';
import type { Rest } from '../../../src-main/engine/transfer/schedule.ts';
import { createRates } from '../../../src-main/engine/transfer/rates.ts';
import { AmbiguousSongError } from '../../../src-main/engine/transfer/song-finder.ts';
import { FileChangedError, FileUnreadableError } from '../../../src-main/engine/transfer/source.ts';
import { handClock } from '../../kit/clocks.ts';

const ours: ArchiveManners = { kind: 'ledgerline', known: true, traditional: false };
const rails: ArchiveManners = { kind: 'rails', known: false, traditional: false };
const blank: FlightState = {
  signedId: null,
  storedAt: null,
  recordSentAt: null,
  askedKnown: false,
  bytesMissing: false,
  recordAnnounced: false,
};
const stored = { ...blank, signedId: 's', storedAt: 1 };

describe('the next step of a content', () => {
  test.each<[string, FlightState, ArchiveManners, string]>([
    ['new, on our archive', blank, ours, 'known'],
    ['not known there', { ...blank, askedKnown: true }, ours, 'send'],
    ['new, where nobody can be asked', blank, { ...ours, known: false }, 'send'],
    ['ticketed, the answer of its PUT lost', { ...blank, signedId: 's' }, ours, 'record'],
    [
      'the archive says that it has no bytes for it',
      { ...blank, signedId: 's', bytesMissing: true },
      ours,
      'send',
    ],
    ['stored', stored, ours, 'record'],
    [
      'stored, though the archive denies it: the verdict decides, not another PUT',
      { ...stored, bytesMissing: true },
      ours,
      'record',
    ],
    ['new, through the archive', blank, { ...ours, traditional: true }, 'known'],
    ['through, and not known', { ...blank, askedKnown: true }, { ...ours, traditional: true }, 'through'],
    [
      'through, with an old ticket',
      { ...stored, askedKnown: true },
      { ...ours, traditional: true },
      'through',
    ],
    ['new, on Rails', blank, rails, 'send'],
    ['on Rails, the answer of its PUT lost', { ...blank, signedId: 's' }, rails, 'send'],
    ['stored on Rails', stored, rails, 'announce'],
    ['announced in this attempt', { ...stored, recordSentAt: 1, recordAnnounced: true }, rails, 'record'],
    ['announced in an earlier one', { ...stored, recordSentAt: 1 }, rails, 'reconcile'],
  ])('%s', (_what, state, manners, step) => {
    expect(nextStep(state, manners)).toBe(step);
  });
});

describe('what a failure means', () => {
  const refused = (status: number, retryAfter?: number): RefusedError =>
    new RefusedError(status, `http_${status}`, 'words', retryAfter);

  test.each<[string, unknown, FailedStep, object]>([
    ['the file changed', new FileChangedError(), 'put', { kind: 'reread' }],
    ['the file cannot be opened', new FileUnreadableError(new Error('x')), 'put', { kind: 'reread' }],
    ['no connection', new UnreachableError('o', 'w'), 'put', { kind: 'check_line' }],
    ['a page of somebody else', new NotAnArchiveError('o', 'w'), 'ticket', { kind: 'check_line' }],
    ['signed out', new SignedOutError('o', 'w'), 'ticket', { kind: 'stop' }],
    ['no rights', new ForbiddenError('o', 'w'), 'ticket', { kind: 'stop' }],
    ['other bytes there', new DiffersError({}), 'record', { kind: 'give_up', class: 'person' }],
    ['an address not to be used', new UnsafeAddressError('w'), 'put', { kind: 'give_up', class: 'person' }],
    [
      'several songs could be it',
      new AmbiguousSongError('f', [1, 2]),
      'reconcile',
      { kind: 'give_up', class: 'person' },
    ],
    [
      'the song stands for something else',
      Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }),
      'record',
      { kind: 'give_up', class: 'person', code: 'song_taken' },
    ],
    ['the disk of the ledger is full', new LedgerDiskError('p', new Error('x')), 'record', { kind: 'stop' }],
    ['a mistake of ours', new TypeError('x'), 'put', { kind: 'stop' }],
    ['full', refused(507), 'put', { kind: 'wait', reason: 'archive_full', milliseconds: 60_000 }],
    [
      'a song that may still come',
      new RecordInDoubtError(4_000),
      'reconcile',
      { kind: 'look_again', milliseconds: 4_000 },
    ],
    ['full, with a time', refused(507, 5_000), 'put', { kind: 'wait', milliseconds: 5_000 }],
    [
      'too many requests',
      refused(429),
      'ticket',
      { kind: 'wait', reason: 'archive_busy', milliseconds: 5_000 },
    ],
    ['a time that is over already', refused(429, 0), 'ticket', { kind: 'wait', milliseconds: 1_000 }],
    ['a time of days', refused(429, 3 * 86_400_000), 'ticket', { kind: 'wait', milliseconds: 900_000 }],
    ['busy, with a time', refused(503, 7_000), 'known', { kind: 'wait', milliseconds: 7_000 }],
    ['busy, without', refused(503), 'known', { kind: 'check_line' }],
    ['a mistake of the archive', refused(500), 'record', { kind: 'check_line' }],
    ['its proxy finds nobody', refused(502), 'put', { kind: 'check_line' }],
    ['too slow a request', refused(408), 'put', { kind: 'retry' }],
    ['another token is needed', refused(401), 'through', { kind: 'retry' }],
    ['the address ran out (ours)', refused(403), 'put', { kind: 'new_ticket', expired: true }],
    ['the address ran out (Rails)', refused(404), 'put', { kind: 'new_ticket', expired: true }],
    ['bytes that do not fit', refused(422), 'put', { kind: 'new_ticket', expired: false }],
    ['other bytes under this ticket', refused(409), 'put', { kind: 'new_ticket', expired: false }],
    ['no bytes for the record', refused(409), 'record', { kind: 'new_ticket', expired: false }],
    [
      'a signed id that is not known any more',
      refused(404),
      'record',
      { kind: 'new_ticket', expired: false },
    ],
    ['not audio', refused(422), 'record', { kind: 'give_up', class: 'refused' }],
    ['too large', refused(413), 'ticket', { kind: 'give_up', class: 'refused' }],
  ])('%s', (_what, error, step, verdict) => {
    expect(judge(error, step, 1_000)).toMatchObject(verdict);
  });
});

test('an archive without room for a large file may have room for others: it alone waits', () => {
  const full = new RefusedError(507, 'archive_full', 'The archive is full.');
  expect(judge(full, 'ticket', 500e6)).toMatchObject({
    kind: 'no_room',
    milliseconds: 60_000,
  });
  expect([1, 2, 3, 4, 5, 9].map((attempts) => backoffMs(attempts, 0, 60_000) / 60_000)).toEqual([
    1, 2, 4, 8, 8, 8,
  ]);
});

test('a create without an answer is looked for ever less often, until a quarter of an hour is over', () => {
  const minute = 60_000;
  let passed = 5_000;
  const doubts = createDoubts(() => passed);
  const looks: number[] = [];
  for (let wait = doubts.lookAgainIn(7); wait !== undefined; wait = doubts.lookAgainIn(7)) {
    looks.push(wait);
    passed += wait;
  }
  expect(looks.slice(0, 4)).toEqual([2_000, 2_000, 4_000, 8_000]);
  expect(looks.reduce((sum, wait) => sum + wait, 0)).toBe(15 * minute);
  // Its line broke again: from the beginning.
  doubts.began(7);
  expect(doubts.lookAgainIn(7)).toBe(2_000);
  expect(doubts.lookAgainIn(8)).toBe(2_000);
});

test.each([
  ['refused', new RefusedError(422, 'http_422', 'w'), true],
  ['too many requests', new RefusedError(429, 'http_429', 'w'), true],
  ['too slow', new RefusedError(408, 'http_408', 'w'), false],
  ['a mistake of the archive', new RefusedError(500, 'http_500', 'w'), false],
  ['its proxy gave up', new RefusedError(504, 'http_504', 'w'), false],
  ['nobody was there', new UnreachableError('o', 'w', undefined, true), true],
  ['the line broke', new UnreachableError('o', 'w'), false],
])('a failed create (%s): is it known to have made nothing?', (_what, error, known) => {
  expect(isKnownUndone(error)).toBe(known);
});

test('retries wait ever longer up to a minute, never less than half of it, and not all the same', () => {
  const shortest = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempts) => backoffMs(attempts, 0));
  expect(shortest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoffMs(1, 0.999)).toBeLessThanOrEqual(1_000);
  expect(backoffMs(60, 0.999)).toBeLessThanOrEqual(60_000);
  expect(backoffMs(3, 0.2)).not.toBe(backoffMs(3, 0.8));
  expect(MAX_ATTEMPTS).toBeGreaterThan(3);
});

describe('the gate', () => {
  const until = (nextTry: number) => ({ message: 'm', nextTry });

  test('is open when nothing is in the way, or no longer', () => {
    expect(gate({}, 5)).toEqual({ state: 'open' });
    expect(gate({ offline: until(5), busy: until(4), full: until(3) }, 5)).toEqual({ state: 'open' });
  });

  test('names the gravest hindrance, and when it looks again', () => {
    expect(gate({ offline: until(9), full: until(20), busy: until(30) }, 5)).toEqual({
      state: 'closed',
      reason: 'offline',
      message: 'm',
      nextChange: 9,
    });
    expect(gate({ full: until(20), busy: until(30) }, 10)).toMatchObject({
      reason: 'archive_full',
      nextChange: 20,
    });
    expect(gate({ busy: until(30) }, 29)).toMatchObject({ reason: 'archive_busy' });
  });

  test('tells no next try while it is being made', () => {
    const looking = { message: 'm', nextTry: 5, until: 20 };
    expect(gate({ offline: looking }, 4)).toMatchObject({ state: 'closed', nextChange: 5 });
    expect(gate({ offline: looking }, 6)).toEqual({ state: 'closed', reason: 'offline', message: 'm' });
    expect(gate({ offline: looking }, 20)).toEqual({ state: 'open' });
  });

  test('drains for a while and then stops, whatever else there is', () => {
    expect(gate({ drainUntil: 10, offline: until(99) }, 9)).toMatchObject({
      state: 'draining',
      reason: 'stopping',
    });
    expect(gate({ drainUntil: 10 }, 10)).toMatchObject({ state: 'closed', reason: 'stopping' });
  });
});

describe('hindrances', () => {
  const create = (answers: (UnreachableError | undefined)[] = [], watch = false) => {
    const clock = handClock();
    const asked: number[] = [];
    const stopped: unknown[] = [];
    const wish: { rest: Rest | undefined } = { rest: undefined };
    const hindrances = createHindrances({
      clock,
      checkLine: async () => {
        asked.push(clock.monotonic());
        return answers.shift();
      },
      dropConnections: () => undefined,
      wake: () => undefined,
      stopOn: (error) => void stopped.push(error),
      signal: new AbortController().signal,
      rest: () => wish.rest,
      isSuspended: () => false,
      isMoving: () => true,
      endsByItself: !watch,
    });
    return { wish, clock, hindrances, asked, stopped };
  };
  const busy = judge(new RefusedError(429, 'x', 'busy', 10_000), 'ticket', 1_000);

  test('a wait lasts as long as it should, though somebody puts the clock back by days', async () => {
    const { clock, hindrances } = create();
    expect(await hindrances.onTrouble(busy)).toBe(false);
    clock.putWallClock(-3 * 86_400_000);
    expect(hindrances.gate()).toMatchObject({ state: 'closed', nextChange: clock.now() + 10_000 });
    clock.advance(9_999);
    expect(hindrances.gate().state).toBe('closed');
    clock.advance(1);
    expect(hindrances.gate()).toEqual({ state: 'open' });
  });

  test('a wait is not over because somebody puts the clock on by days', async () => {
    const { clock, hindrances } = create();
    await hindrances.onTrouble(busy);
    clock.putWallClock(3 * 86_400_000);
    expect(hindrances.gate().state).toBe('closed');
  });

  test('a rest lets what is under way finish for a while, and ends when it should', () => {
    const { clock, hindrances, wish } = create();
    wish.rest = { reason: 'night', until: clock.now() + 3_600_000 };
    expect(hindrances.gate()).toEqual({
      state: 'draining',
      reason: 'night',
      nextChange: clock.now() + 3_600_000,
    });
    clock.advance(DRAIN_MS - 1);
    expect(hindrances.gate().state).toBe('draining');
    clock.advance(1);
    expect(hindrances.gate()).toMatchObject({ state: 'closed', reason: 'night' });
    wish.rest = { reason: 'paused' };
    expect(hindrances.gate()).toEqual({ state: 'closed', reason: 'paused' });
    wish.rest = undefined;
    expect(hindrances.gate()).toEqual({ state: 'open' });
    // The next rest lets what is under way then finish again.
    wish.rest = { reason: 'paused' };
    expect(hindrances.gate()).toEqual({ state: 'draining', reason: 'paused' });
  });

  test('draining ends by itself, whatever the wall clock does', () => {
    const { clock, hindrances } = create();
    hindrances.drain();
    clock.putWallClock(-86_400_000);
    expect(hindrances.gate().state).toBe('draining');
    clock.advance(DRAIN_MS);
    expect(hindrances.gate().state).toBe('closed');
  });

  test('a broken line while the archive answers is the file’s own attempt; while it does not, nobody’s', async () => {
    const gone = new UnreachableError('o', 'nothing listens there');
    const { clock, hindrances, asked } = create([undefined, gone, gone, undefined]);
    const broken = judge(gone, 'put', 1_000);
    expect(await hindrances.onTrouble(broken)).toBe(true);
    expect(hindrances.gate().state).toBe('open');
    expect(await hindrances.onTrouble(broken)).toBe(false);
    expect(await hindrances.onTrouble(broken)).toBe(false);
    expect(hindrances.gate()).toMatchObject({ state: 'closed', reason: 'offline' });
    // It looks again by itself, and only its good look opens the gate.
    for (let i = 0; i < 100 && hindrances.gate().state === 'closed'; i += 1) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hindrances.gate()).toEqual({ state: 'open' });
    expect(asked).toHaveLength(4);
  });

  test.each([
    ['ends a run that somebody waits for', false, true],
    ['never ends one that goes on until somebody ends it', true, false],
  ])('offline and full for two days %s', async (_, watch, ends) => {
    const gone = new UnreachableError('o', 'nothing listens there');
    const full = judge(new RefusedError(507, 'x', 'archive_full', 10_000), 'ticket', 1_000);
    const { clock, hindrances, stopped } = create(Array<UnreachableError>(10_000).fill(gone), watch);
    await hindrances.onTrouble(judge(gone, 'put', 1_000));
    const noRoom = async (): Promise<void> => {
      for (let i = 0; i < 5; i += 1) await hindrances.onTrouble(full, i);
    };
    await noRoom();
    for (let minutes = 0; minutes < 2 * 24 * 60; minutes += 10) {
      clock.advance(600_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await noRoom();
    expect(stopped.length > 0).toBe(ends);
    expect(hindrances.gate()).toMatchObject({ state: 'closed' });
  });
});

describe('how many at once', () => {
  const seen = (more: Partial<Observation>): Observation => ({
    bytesPerSecond: 1e6,
    filesPerSecond: 10,
    troubles: 0,
    busy: true,
    ...more,
  });

  test('grows while that brings more, up to its limit', () => {
    let pace = firstPace;
    for (let i = 1; i < 60; i += 1) pace = nextPace(pace, seen({ bytesPerSecond: 1e6 * 1.2 ** i }));
    expect(pace.slots).toBe(MAX_SLOTS);
  });

  test('halves on trouble, and never falls below one', () => {
    expect(nextPace({ ...firstPace, slots: 20 }, seen({ troubles: 1 })).slots).toBe(10);
    expect(nextPace({ ...firstPace, slots: 1 }, seen({ troubles: 9 })).slots).toBe(MIN_SLOTS);
  });

  test('stays where it is while there is not enough to do, and when more brings no more', () => {
    expect(nextPace(firstPace, seen({ busy: false })).slots).toBe(firstPace.slots);
    const pace = nextPace(firstPace, seen({}));
    expect(nextPace(pace, seen({})).slots).toBe(pace.slots);
  });

  test('gives way when the line becomes slower', () => {
    const pace = { slots: 20, best: 5e6, step: 2 };
    expect(nextPace(pace, seen({ bytesPerSecond: 1e6, filesPerSecond: 0 })).slots).toBe(18);
  });

  test('a large file leaves as many slots as let it pass within its ticket’s life', () => {
    expect(slotsForSize(24_000_000, 1_000_000)).toBe(10);
    expect(slotsForSize(480_000_000, 1_000_000)).toBe(0);
    expect(slotsForSize(1, 0)).toBeUndefined();
  });
});

test('held bytes stay within their budget, and one content is kept once', () => {
  const held = createHeldBytes(100);
  expect(held.reserve(60)).toBe(true);
  expect(held.reserve(41)).toBe(false);
  expect(held.reserve(40)).toBe(true);
  const bytes = new Uint8Array(60);
  expect(held.keep(1, bytes)).toBe(true);
  expect(held.keep(1, new Uint8Array(60))).toBe(false);
  expect(held.take(1)).toBe(bytes);
  expect(held.take(1)).toBeUndefined();
  // Taken is not given back.
  expect(held.reserve(1)).toBe(false);
  held.release(60);
  expect(held.reserve(60)).toBe(true);
});

describe('rates', () => {
  test('tell what the last half minute brought, and forget what was before', () => {
    const clock = handClock();
    const rates = createRates(clock.monotonic);
    expect(rates.perSecond()).toEqual({ bytes: 0, files: 0 });
    for (let second = 0; second < 30; second += 1) {
      rates.add(1_000, 2);
      clock.advance(1_000);
    }
    expect(rates.perSecond().bytes).toBeGreaterThan(900);
    expect(rates.perSecond().bytes).toBeLessThanOrEqual(1_000);
    expect(rates.perSecond().files).toBeLessThanOrEqual(2);
    clock.advance(40_000);
    expect(rates.perSecond()).toEqual({ bytes: 0, files: 0 });
    rates.add(3_000, 1);
    expect(rates.perSecond().bytes).toBeGreaterThan(0);
  });

  test('in the first moments are not what a single second would make of them', () => {
    const clock = handClock();
    const rates = createRates(clock.monotonic);
    rates.add(1_000, 1);
    clock.advance(10);
    expect(rates.perSecond()).toEqual({ bytes: 1_000, files: 1 });
  });
});
