/** Words and numbers for people, in the system's language where it is about digits and hours. */
export interface Formats {
  /** 65,000 */
  readonly count: (value: number) => string;
  /** "1 file", "65,000 files". */
  readonly files: (value: number) => string;
  /** "1 folder", "65,000 folders". */
  readonly folders: (value: number) => string;
  /** Decimal: 512 bytes, 3.4 MB, 120 GB. */
  readonly bytes: (value: number) => string;
  /** 3.2 MB/s */
  readonly rate: (bytesPerSecond: number) => string;
  /** 34 %; never 100 before the whole is done. */
  readonly percent: (part: number, whole: number) => string;
  /** "0.8 s", "3 min 12 s", "2 h 5 min", "3 days 4 h". */
  readonly duration: (seconds: number) => string;
  /** "12 min", "2.5 h", "110 h". */
  readonly hours: (hours: number) => string;
  /** When something will be: "about 05:40", "on Tuesday about 05:40", "on 3 December". */
  readonly when: (at: number, now: number) => string;
  /** "22:00": the time of day of a moment. */
  readonly clock: (at: number) => string;
  /** "Sunday" */
  readonly weekday: (at: number) => string;
  /** A time of day as settings have it, 22:00, as the system writes it. */
  readonly timeOfDay: (text: string) => string;
  /** When something was: "today at 05:40", "on 3 December 2026 at 05:40". */
  readonly past: (at: number, now: number) => string;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const DAY_MS = 86_400_000;

/** @param locale for the digits; the system's own unless given. `timeZone` likewise. */
export const formatsFor = (locale?: string, timeZone?: string): Formats => {
  const chosen = locale ?? systemLocale();
  const zone = timeZone === undefined ? {} : { timeZone };
  const whole = new Intl.NumberFormat(chosen, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(chosen, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(chosen, { hour: '2-digit', minute: '2-digit', ...zone });
  const timeOfDay = new Intl.DateTimeFormat(chosen, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', ...zone });
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', ...zone });
  const fullDate = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...zone,
  });
  const sameDay = (a: number, b: number): boolean => fullDate.format(a) === fullDate.format(b);

  const bytes = (value: number): string => {
    let unit = 0;
    let scaled = value;
    while (scaled >= 999.5 && unit < UNITS.length - 1) {
      scaled /= 1000;
      unit += 1;
    }
    const digits = unit === 0 || scaled >= 99.95 ? whole.format(scaled) : oneDigit.format(scaled);
    return `${digits} ${value === 1 ? 'byte' : UNITS[unit]}`;
  };

  const count = (value: number): string => whole.format(value);

  return {
    count,
    files: (value) => `${count(value)} ${value === 1 ? 'file' : 'files'}`,
    folders: (value) => `${count(value)} ${value === 1 ? 'folder' : 'folders'}`,
    bytes,
    rate: (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`,
    percent: (part, all) =>
      `${whole.format(all === 0 ? 0 : part >= all ? 100 : Math.min(99, Math.floor((part / all) * 100)))} %`,
    duration: (seconds) => durationWords(seconds, count, (value) => oneDigit.format(value)),
    hours: (hours) => {
      if (hours < 1) return `${count(Math.max(1, Math.round(hours * 60)))} min`;
      return `${hours < 9.95 ? oneDigit.format(hours) : count(hours)} h`;
    },
    when: (at, now) => {
      const left = at - now;
      if (left < 60_000) return 'within a minute';
      // The further away, the less the minutes mean.
      const step = left > 3_600_000 ? 300_000 : 60_000;
      const rounded = Math.round(at / step) * step;
      if (left > 6 * DAY_MS) return `on ${date.format(rounded)}`;
      const time = `about ${clock.format(rounded)}`;
      return sameDay(rounded, now) ? time : `on ${weekday.format(rounded)} ${time}`;
    },
    clock: (at) => clock.format(at),
    weekday: (at) => weekday.format(at),
    timeOfDay: (text) => {
      const [hours = 0, minutes = 0] = text.split(':').map(Number);
      return timeOfDay.format(Date.UTC(2000, 0, 1, hours, minutes));
    },
    past: (at, now) => `${sameDay(at, now) ? 'today' : `on ${fullDate.format(at)}`} at ${clock.format(at)}`,
  };
};

/** The C locale, as servers have it, groups no digits; it is there for programs, not for people. */
const systemLocale = (): string => {
  const { locale } = new Intl.NumberFormat().resolvedOptions();
  return locale.includes('posix') ? 'en-GB' : locale;
};

const durationWords = (
  seconds: number,
  whole: (value: number) => string,
  oneDigit: (value: number) => string,
): string => {
  if (seconds < 9.95) return `${oneDigit(seconds)} s`;
  const total = Math.round(seconds);
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
  ];
  const two = (first: string, rest: number, unit: string): string =>
    rest === 0 ? first : `${first} ${whole(rest)} ${unit}`;
  if (days > 0) return two(`${whole(days)} ${days === 1 ? 'day' : 'days'}`, hours, 'h');
  if (hours > 0) return two(`${whole(hours)} h`, minutes, 'min');
  if (minutes > 0) return two(`${whole(minutes)} min`, total % 60, 's');
  return `${whole(total)} s`;
};
