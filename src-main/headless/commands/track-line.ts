import type { TrackEvent, TrackOutcome } from '../../../shared/run.ts';
import type { Formats } from '../terminal/formats.ts';
import { safeText } from '../terminal/safe-text.ts';

const WORDS: Readonly<Record<TrackOutcome, string>> = {
  archived: 'archived',
  already_archived: 'there already',
  moved: 'moved',
  failed: 'failed',
  skipped: 'skipped',
  retry: 'tried later',
};
const LONGEST = Math.max(...Object.values(WORDS).map((word) => word.length));

/** One file's outcome, size, time and path in a line; the reason behind it where there is one. */
export const trackLine = (event: TrackEvent, formats: Formats): string => {
  const { outcome, bytes, seconds, path, message } = event;
  const columns = [
    WORDS[outcome].padEnd(LONGEST),
    formats.bytes(bytes).padStart(9),
    formats.duration(seconds).padStart(7),
  ];
  return `${columns.join('  ')}  ${path}${message === undefined ? '' : `: ${safeText(message)}`}`;
};
