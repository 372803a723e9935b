import type { PowerMonitor, PowerSaveBlocker } from 'electron';
import type { PageState } from '../../shared/bridge/state.ts';
import { MAINS, type Power } from '../engine/transfer/schedule.ts';

export interface PowerWatch {
  /** How things stand, which decides whether the computer is kept awake. */
  readonly show: (state: PageState | undefined) => void;
  /** The preferences have changed. */
  readonly reconsider: () => void;
  /** For whoever was not there when it was told. */
  readonly now: () => Power;
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

export const watchPower = (deps: {
  readonly powerMonitor: Pick<PowerMonitor, 'isOnBatteryPower' | 'on' | 'off'>;
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly keepAwake: () => boolean;
  /** Told whenever it changes. */
  readonly onPower: (power: Power) => void;
}): PowerWatch => {
  const { powerMonitor, powerSaveBlocker } = deps;
  let power: Power = { ...MAINS, onBattery: powerMonitor.isOnBatteryPower() };
  let state: PageState | undefined;
  let blocker: number | undefined;

  const set = (some: Partial<Power>): void => {
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

  const onSuspend = (): void => set({ suspended: true });
  const onResume = (): void => set({ suspended: false, onBattery: powerMonitor.isOnBatteryPower() });
  const onBattery = (): void => set({ onBattery: true });
  const onMains = (): void => set({ onBattery: false });
  powerMonitor.on('suspend', onSuspend);
  powerMonitor.on('resume', onResume);
  powerMonitor.on('on-battery', onBattery);
  powerMonitor.on('on-ac', onMains);
  const timer = setInterval(look, LOOK_MS);
  timer.unref();

  return {
    show: (next) => {
      state = next;
      reconsider();
    },
    reconsider,
    now: () => power,
    close: () => {
      clearInterval(timer);
      powerMonitor.off('suspend', onSuspend);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('on-battery', onBattery);
      powerMonitor.off('on-ac', onMains);
      state = undefined;
      reconsider();
    },
  };
};
