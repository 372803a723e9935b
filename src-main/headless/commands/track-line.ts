import type { TrackEvent, TrackOutcome } from '../../../shared/run.ts';
import type { Formats } from '../../../shared/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import { widthOf } from '../terminal/width.ts';
import { wrapped } from '../terminal/wrap.ts';

const WORDS: Readonly<Record<TrackOutcome, string>> = {
  archived: 'archived',
  already_archived: 'there already',
  moved: 'moved',
  failed: 'failed',
  skipped: 'skipped',
  retry: 'tried later',
};
const LONGEST = Math.max(...Object.values(WORDS).map((word) => word.length));

/** One file's outcome, size, time and path in a line; the reason behind it, or below where there is no room. */
export const trackLine = (event: TrackEvent, formats: Formats, width = Number.POSITIVE_INFINITY): string => {
  const { outcome, bytes, seconds, path, message } = event;
  const columns = [
    WORDS[outcome].padEnd(LONGEST),
    formats.bytes(bytes).padStart(9),
    formats.duration(seconds).padStart(7),
  ];
  const line = `${columns.join('  ')}  ${path}`;
  if (message === undefined) return line;
  const whole = `${line}: ${safeText(message)}`;
  // The path stays whole, to be copied.
  return widthOf(whole) <= width
    ? whole
    : [`${line}:`, ...wrapped(`    ${safeText(message)}`, width, 4)].join('\n');
};
