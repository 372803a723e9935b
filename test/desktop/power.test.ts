import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PageState } from '../../shared/bridge/state.ts';
import { isAtWork, watchPower } from '../../src-main/desktop/power.ts';
import type { Power } from '../../src-main/engine/transfer/schedule.ts';
import { flightOf, standingOf, stateOf, workOf } from '../kit/page-states.ts';

const WORKING = stateOf({ standing: standingOf({ waiting: 3 }) });
const DONE = stateOf({ standing: standingOf({ archived: 3 }) });
const resting = (
  reason: 'paused' | 'night' | 'offline',
  state: 'closed' | 'draining' = 'closed',
): PageState => stateOf({ standing: standingOf({ waiting: 3 }), work: workOf({ gate: { state, reason } }) });

/** A computer whose power a test decides over; real ones cannot be unplugged here. */
const computer = () => {
  const events = new EventEmitter();
  const told: Power[] = [];
  const blockers = new Set<number>();
  let made = 0;
  let battery = false;
  let keepAwake = true;
  const power = watchPower({
    powerMonitor: Object.assign(events, { isOnBatteryPower: () => battery }) as unknown as PowerMonitor,
    powerSaveBlocker: {
      start: (type) => {
        expect(type).toBe('prevent-app-suspension');
        blockers.add((made += 1));
        return made;
      },
      stop: (id) => blockers.delete(id),
    },
    keepAwake: () => keepAwake,
    onPower: (now) => void told.push(now),
  });
  onTestFinished(() => power.close());
  return {
    power,
    told,
    blockers,
    happens: (event: 'suspend' | 'resume' | 'on-battery' | 'on-ac') => void events.emit(event),
    setBattery: (is: boolean) => void (battery = is),
    allow: (is: boolean) => void (keepAwake = is),
    events,
  };
};

describe('the computer', () => {
  test('is kept awake while something is sent, once, and not longer', () => {
    const { power, blockers } = computer();
    expect(blockers.size).toBe(0);
    power.show(WORKING);
    power.show(WORKING);
    expect(blockers.size).toBe(1);
    power.show(DONE);
    expect(blockers.size).toBe(0);
    power.show(WORKING);
    power.show(undefined);
    expect(blockers.size).toBe(0);
  });

  test('may sleep where a person does not want it kept awake', () => {
    const { power, blockers, allow } = computer();
    power.show(WORKING);
    allow(false);
    power.reconsider();
    expect(blockers.size).toBe(0);
    allow(true);
    power.reconsider();
    expect(blockers.size).toBe(1);
  });

  test('may sleep while everything rests, waits or is done', () => {
    for (const state of [
      DONE,
      resting('paused'),
      resting('night'),
      resting('offline'),
      stateOf({ work: null }),
    ])
      expect(isAtWork(state)).toBe(false);
    expect(isAtWork(resting('paused', 'draining'))).toBe(false);
    const last = flightOf('a.flac', 10, 5);
    const finishing = workOf({ gate: { state: 'draining', reason: 'night' }, inFlight: [last] });
    expect(isAtWork(stateOf({ work: finishing }))).toBe(true);
    expect(isAtWork(stateOf({ work: workOf({ scanning: true }) }))).toBe(true);
  });

  test('is not kept awake by a program that ended', () => {
    const { power, blockers, events } = computer();
    power.show(WORKING);
    power.close();
    expect(blockers.size).toBe(0);
    expect(events.eventNames()).toEqual([]);
  });
});

describe('the engine', () => {
  test('is told of sleep, of waking and of the cable, each once', () => {
    const { told, happens, setBattery, power } = computer();
    expect(power.now()).toEqual({ onBattery: false, suspended: false });
    happens('suspend');
    happens('suspend');
    setBattery(true);
    happens('resume');
    happens('on-battery');
    setBattery(false);
    happens('on-ac');
    expect(told).toEqual([
      { onBattery: false, suspended: true },
      { onBattery: true, suspended: false },
      { onBattery: false, suspended: false },
    ]);
  });
});
