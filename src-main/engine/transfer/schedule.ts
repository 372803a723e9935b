import type { NightWindow, Settings } from '../../../shared/settings.ts';

export type RestReason = 'paused' | 'night' | 'battery';

/** How the computer has its power, where somebody can tell. */
export interface Power {
  readonly onBattery: boolean;
  /** About to sleep, or asleep: nothing is begun and no connection is kept. */
  readonly suspended: boolean;
}

export const MAINS: Power = { onBattery: false, suspended: false };

/** Why a person does not want anything to be sent now. Times are ms since 1970. */
export interface Rest {
  readonly reason: RestReason;
  /** When it ends by itself; undefined: when somebody says so, or plugs the computer in. */
  readonly until?: number;
}

/** What a person's settings say about now; undefined: send. */
export const restAt = (
  {
    pause,
    nightWindow,
    pauseOnBattery,
  }: Pick<Settings, 'pause' | 'nightWindow'> & Partial<Pick<Settings, 'pauseOnBattery'>>,
  now: number,
  { onBattery }: Pick<Power, 'onBattery'> = MAINS,
): Rest | undefined => {
  if (pause !== null && (pause.until === null || now < pause.until))
    return pause.until === null ? { reason: 'paused' } : { reason: 'paused', until: pause.until };
  if (nightWindow !== null && !isWithin(nightWindow, now))
    return { reason: 'night', until: nextTime(nightWindow.from, now) };
  return pauseOnBattery === true && onBattery ? { reason: 'battery' } : undefined;
};

/** Whether files may be sent at that moment. A window that ends when it begins is the whole day. */
export const isWithin = ({ from, to }: NightWindow, now: number): boolean => {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const minute = minuteAt(now);
  if (start === end) return true;
  return start < end ? start <= minute && minute < end : minute >= start || minute < end;
};

/** The next moment after `now` at which this computer's clock shows that time of day. */
export const nextTime = (timeOfDay: string, now: number): number => {
  const minute = minuteOf(timeOfDay);
  const today = new Date(now);
  today.setHours(Math.floor(minute / 60), minute % 60, 0, 0);
  // In the night in which clocks are put back an hour, or half of one, comes twice; a Date takes the first.
  const times = [0, HALF_HOUR_MS, 2 * HALF_HOUR_MS].map((later) => today.getTime() + later);
  const next = times.find((time, i) => time > now && (i === 0 || minuteAt(time) === minute));
  if (next !== undefined) return next;
  // Days are not all of one length.
  today.setDate(today.getDate() + 1);
  today.setHours(Math.floor(minute / 60), minute % 60, 0, 0);
  return today.getTime();
};

/** Until tonight: when the window opens, or at ten in the evening where there is none. */
export const tonight = ({ nightWindow }: Pick<Settings, 'nightWindow'>, now: number): number =>
  nextTime(nightWindow?.from ?? '22:00', now);

/** How long the window is open each day, in ms. */
export const nightMs = ({ from, to }: NightWindow): number =>
  ((minuteOf(to) - minuteOf(from) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES) * 60_000;

const DAY_MINUTES = 24 * 60;

const HALF_HOUR_MS = 1_800_000;

const minuteAt = (time: number): number => {
  const date = new Date(time);
  return date.getHours() * 60 + date.getMinutes();
};

const minuteOf = (timeOfDay: string): number =>
  Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));
