import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import type { PageState } from '../../shared/bridge/state.ts';

/** What the engine is told of the computer's power. */
export interface PowerState {
  readonly onBattery: boolean;
  /** It is about to sleep, or sleeps. */
  readonly suspended: boolean;
}

export interface Power {
  /** How things stand, which decides whether the computer is kept awake. */
  readonly show: (state: PageState | undefined) => void;
  /** The preferences have changed. */
  readonly reconsider: () => void;
  readonly close: () => void;
}

/** Where the system tells nothing of its cable by itself, it is asked. */
const LOOK_MS = 30_000;

/** While something is sent, or looked for. At rest, and for an archive that is away, nobody's computer stays awake. */
export const isAtWork = (state: PageState | undefined): boolean => {
  const { work, standing } = state ?? {};
  if (work === undefined || work === null || standing === undefined) return false;
  const { gate, scanning, inFlight } = work;
  return gate.state === 'open'
    ? standing.waiting > 0 || scanning
    : gate.state === 'draining' && inFlight.length > 0;
};

export const createPower = (deps: {
  readonly powerMonitor: Pick<PowerMonitor, 'isOnBatteryPower'> & {
    readonly on: (event: PowerEvent, listener: () => void) => unknown;
    readonly off: (event: PowerEvent, listener: () => void) => unknown;
  };
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly keepAwake: () => boolean;
  /** Told at once, and whenever it changes. */
  readonly onPower: (power: PowerState) => void;
}): Power => {
  const { powerMonitor, powerSaveBlocker } = deps;
  let power: PowerState = { onBattery: powerMonitor.isOnBatteryPower(), suspended: false };
  let state: PageState | undefined;
  let blocker: number | undefined;

  const set = (some: Partial<PowerState>): void => {
    const next = { ...power, ...some };
    if (next.onBattery === power.onBattery && next.suspended === power.suspended) return;
    power = next;
    deps.onPower(power);
  };
  const reconsider = (): void => {
    const wanted = deps.keepAwake() && isAtWork(state);
    if (wanted) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== undefined) {
      powerSaveBlocker.stop(blocker);
      blocker = undefined;
    }
  };
  const look = (): void => set({ onBattery: powerMonitor.isOnBatteryPower() });

  const listeners: readonly (readonly [PowerEvent, () => void])[] = [
    ['suspend', () => set({ suspended: true })],
    ['resume', () => set({ suspended: false, onBattery: powerMonitor.isOnBatteryPower() })],
    ['on-battery', () => set({ onBattery: true })],
    ['on-ac', () => set({ onBattery: false })],
  ];
  for (const [event, listener] of listeners) powerMonitor.on(event, listener);
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  deps.onPower(power);

  return {
    show: (next) => {
      state = next;
      reconsider();
    },
    reconsider,
    close: () => {
      clearInterval(timer);
      for (const [event, listener] of listeners) powerMonitor.off(event, listener);
      state = undefined;
      reconsider();
    },
  };
};

type PowerEvent = 'suspend' | 'resume' | 'on-battery' | 'on-ac';
