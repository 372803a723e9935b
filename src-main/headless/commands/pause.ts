import type { Pause } from '../../../shared/settings.ts';
import { nextTime, tonight } from '../../engine/transfer/schedule.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { demandNone, parseOptions } from '../options.ts';
import { columnsOf } from '../terminal/paint.ts';
import { wrapped } from '../terminal/wrap.ts';
import { formatsFor } from '../../../shared/formats.ts';
import { UsageError } from '../usage-error.ts';
import { type Hint, hintFor } from '../typed.ts';
import { changeSettings, settingsIn } from './changing-settings.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = {
  for: { type: 'string' },
  until: { type: 'string' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline pause`: nothing is sent until it is over; what is under way is finished first. */
export const pauseCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('pause', argv, OPTIONS);
  demandNone('pause', positionals);
  if (values.for !== undefined && values.until !== undefined)
    throw new UsageError('--for and --until do not go together; leave one out.');
  const folder = dataFolderFrom(values['data-dir'], io);
  const settings = await settingsIn(folder);
  const now = Date.now();
  const until =
    values.for !== undefined
      ? now + durationFrom(values.for)
      : values.until === 'tonight'
        ? tonight(settings, now)
        : values.until === undefined
          ? null
          : nextTime(timeFrom(values.until), now);
  const pause: Pause = { until };
  await changeSettings(folder, { pause });
  if (values.json === true) io.stdout.write(`${JSON.stringify({ pause })}\n`);
  else
    io.stdout.write(
      `${wrapped(wordsFor(pause, now, hintFor(values['data-dir'])), columnsOf(io.stdout, io.env)).join('\n')}\n`,
    );
  return EXIT.allArchived;
};

/** `ledgerline resume`: ends a pause. */
export const resumeCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('resume', argv, {
    json: { type: 'boolean' },
    'data-dir': { type: 'string' },
  });
  demandNone('resume', positionals);
  const folder = dataFolderFrom(values['data-dir'], io);
  const { pause, nightWindow } = await settingsIn(folder);
  await changeSettings(folder, { pause: null });
  if (values.json === true) io.stdout.write(`${JSON.stringify({ pause: null })}\n`);
  else {
    const night =
      nightWindow === null ? '' : ` Files still go only from ${nightWindow.from} to ${nightWindow.to}.`;
    io.stdout.write(`${pause === null ? 'It was not paused.' : 'Goes on.'}${night}\n`);
  }
  return EXIT.allArchived;
};

const wordsFor = ({ until }: Pause, now: number, hint: Hint): string => {
  const end =
    until === null
      ? `It continues with "${hint('resume')}".`
      : `It continues ${formatsFor().when(until, now)}.`;
  return `Paused: what is under way is finished, then nothing is sent. ${end}`;
};

const UNITS: Readonly<Record<string, number>> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30min`, `1h`, `2d`: milliseconds. */
const durationFrom = (text: string): number => {
  const [, amount = '', unit = ''] = /^(\d{1,4})\s*(m|min|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw new UsageError(`--for ${text} is no length of time; write it like 30min, 1h or 2d.`);
};

const timeFrom = (text: string): string => {
  if (/^([01]?\d|2[0-3]):[0-5]\d$/.test(text)) return text.padStart(5, '0');
  throw new UsageError(`--until ${text} is no time of day; write it like 22:00, or tonight.`);
};
