import type { Formats } from '../../shared/formats.ts';
import { LEAST_LINE_LIMIT, type NightWindow, type Pause, type Settings } from '../../shared/settings.ts';

const MEGABYTE = 1_000_000;

/** What a person types as MB/s, in bytes a second; undefined where that is no limit to be kept. */
export const lineLimitOf = (megabytes: number): number | undefined => {
  const bytes = Math.round(megabytes * MEGABYTE);
  return Number.isFinite(bytes) && bytes >= LEAST_LINE_LIMIT ? bytes : undefined;
};

export const megabytesOf = (lineLimit: number): number => lineLimit / MEGABYTE;

export const lineLimitWords = (lineLimit: number | null, formats: Formats): string =>
  lineLimit === null
    ? 'As much as the line gives.'
    : `At most ${formats.rate(lineLimit)} for all uploads together, so that others can use the line too.`;

export const nightWords = (window: NightWindow | null, formats: Formats): string => {
  if (window === null) return 'Day and night.';
  if (window.from === window.to) return 'The whole day: it begins when it ends.';
  const [from, to] = [formats.timeOfDay(window.from), formats.timeOfDay(window.to)];
  return `Files are sent from ${from} to ${to}. Looking through the folders goes on all day.`;
};

export const uploadsWords = (concurrency: Settings['concurrency']): string =>
  concurrency === 'auto'
    ? 'Ledgerline finds out how many go best.'
    : `${concurrency === 1 ? 'One file' : `${concurrency} files`} at a time, however fast the line is.`;

/** What a person typed, line by line; empty ones say nothing. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '');

export const exclusionsWords = (lines: number, formats: Formats): string =>
  lines === 0
    ? 'Nothing is left out of your folders that is music.'
    : `${formats.count(lines)} ${lines === 1 ? 'line leaves' : 'lines leave'} files out of every folder. They are listed, not sent.`;

/** In the head of what is on its way. */
export const uploadsAtOnceWords = (concurrency: Settings['concurrency']): string =>
  concurrency === 'auto' ? 'as many at once as go best' : `at most ${concurrency} at once`;

/** Whether somebody has paused and it still holds. */
export const isPaused = (pause: Pause | null, now: number): boolean =>
  pause !== null && (pause.until === null || pause.until > now);

/** Until when "tonight" pauses; in the evening itself that is the next one. */
export const tonightWords = ({ nightWindow }: Settings, now: number, formats: Formats): string => {
  const from = nightWindow?.from ?? '22:00';
  const begins = new Date(now);
  const [hours = 0, minutes = 0] = from.split(':').map(Number);
  begins.setHours(hours, minutes, 0, 0);
  const day = now < begins.getTime() ? 'tonight' : 'tomorrow night';
  return `Until ${day}, ${formats.timeOfDay(from)}`;
};
