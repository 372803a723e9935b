import type { NightWindow } from '../../../shared/settings.ts';

/** Local times: a day of this computer's clock has 23, 24 or 25 hours. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Without hours of the night, or where they are all hours, a night is from noon to noon. */
const NOON: NightWindow = { from: '12:00', to: '12:00' };

const windowOf = (window: NightWindow | null): NightWindow =>
  window === null || window.from === window.to ? NOON : window;

/** The night that `time` lies in; between two of them the next one. */
export const nightAt = (time: number, window: NightWindow | null): Span => {
  const hours = windowOf(window);
  // Yesterday's may last until now; today's may be over already.
  for (const day of [-1, 0, 1, 2]) {
    const night = nightOfDay(time, day, hours);
    if (night.from < night.to && time < night.to) return night;
  }
  throw new RangeError(`there is no night at ${time}`);
};

export const nightAfter = (night: Span, window: NightWindow | null): Span => nightAt(night.to, window);

/** The night that begins on the day of `time`, or so many days after it. */
const nightOfDay = (time: number, day: number, { from, to }: NightWindow): Span => ({
  from: atTime(time, day, from),
  to: atTime(time, minuteOf(to) <= minuteOf(from) ? day + 1 : day, to),
});

const atTime = (time: number, day: number, timeOfDay: string): number => {
  const date = new Date(time);
  const minute = minuteOf(timeOfDay);
  return new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate() + day,
    Math.floor(minute / 60),
    minute % 60,
  ).getTime();
};

const minuteOf = (timeOfDay: string): number =>
  Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));
