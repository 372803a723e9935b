import { LEAST_LINE_LIMIT, type NightWindow, type Settings } from '../../../shared/settings.ts';
import { checkExclusions } from '../../engine/library/exclusions.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { parseLineSpeed } from '../line-speed.ts';
import { demandNone, parseOptions } from '../options.ts';
import { type Formats, formatsFor } from '../../../shared/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import { UsageError } from '../usage-error.ts';
import { changeSettings, settingsIn } from './changing-settings.ts';
import { dataFolderFrom } from './data-dir.ts';
import { concurrencyFrom } from './sync-options.ts';

const OPTIONS = {
  limit: { type: 'string' },
  night: { type: 'string' },
  concurrent: { type: 'string' },
  exclude: { type: 'string', multiple: true },
  'pause-on-battery': { type: 'string' },
  'no-exclude': { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline settings`: shows what holds for every run with this ledger, and changes what is named. */
export const settingsCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('settings', argv, OPTIONS);
  demandNone('settings', positionals);
  const folder = dataFolderFrom(values['data-dir'], io);
  const before = await settingsIn(folder);
  const wished = {
    ...(values.limit === undefined ? {} : { lineLimit: limitFrom(values.limit) }),
    ...(values.night === undefined ? {} : { nightWindow: windowFrom(values.night) }),
    ...(values.concurrent === undefined ? {} : { concurrency: concurrencyFrom(values.concurrent) }),
    ...(values['pause-on-battery'] === undefined
      ? {}
      : { pauseOnBattery: switchFrom(values['pause-on-battery'], '--pause-on-battery') }),
    ...exclusionsFrom(values.exclude, values['no-exclude'] === true, before.exclusions),
  };
  if (Object.keys(wished).length > 0) await changeSettings(folder, wished);
  // Where the page's files go is chosen there.
  const { archive: _archive, started: _started, ...kept } = before;
  const settings = { ...kept, ...wished };
  io.stdout.write(
    values.json === true ? `${JSON.stringify(settings)}\n` : settingsText(settings, formatsFor(), Date.now()),
  );
  return EXIT.allArchived;
};

const settingsText = (
  {
    lineLimit,
    nightWindow,
    concurrency,
    pauseOnBattery,
    exclusions,
    pause,
  }: Omit<Settings, 'archive' | 'started'>,
  formats: Formats,
  now: number,
): string => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['Line limit', lineLimit === null ? 'none' : formats.rate(lineLimit), '--limit 20mbit, or none'],
    [
      'Files go',
      nightWindow === null ? 'at any time' : `from ${nightWindow.from} to ${nightWindow.to}`,
      '--night 22:00-06:00, or none',
    ],
    [
      'Uploads at once',
      concurrency === 'auto' ? 'as many as go well' : formats.count(concurrency),
      '--concurrent 10, or auto',
    ],
    ['On battery', pauseOnBattery ? 'nothing is sent' : 'files go too', '--pause-on-battery on, or off'],
    [
      'Left out',
      exclusions.length === 0 ? 'nothing' : formats.count(exclusions.length),
      '--exclude Podcasts/, or --no-exclude',
    ],
    ['Paused', pauseWords(pause, formats, now), ''],
  ];
  return (
    [
      ...rows.map(([name, value, hint]) => `${name.padEnd(17)}${value.padEnd(25)}${hint}`.trimEnd()),
      ...(exclusions.length === 0 ? [] : ['Left out of every library:']),
      ...exclusions.map((line) => `  ${safeText(line)}`),
    ].join('\n') + '\n'
  );
};

const pauseWords = (pause: Settings['pause'], formats: Formats, now: number): string => {
  if (pause === null || (pause.until !== null && pause.until <= now)) return 'no';
  return pause.until === null ? 'until you resume' : `continues ${formats.when(pause.until, now)}`;
};

/** Those that are named come to those that are set; to begin anew, all are taken away first. */
const exclusionsFrom = (
  named: readonly string[] | undefined,
  anew: boolean,
  before: readonly string[],
): { readonly exclusions?: string[] } => {
  if (named === undefined && !anew) return {};
  if (named?.some((line) => line.trim() === '') === true)
    throw new UsageError('--exclude names nothing; write a line as in a .gitignore file, such as Podcasts/.');
  const exclusions = [...new Set([...(anew ? [] : before), ...(named ?? [])])];
  checkExclusions(exclusions);
  return { exclusions };
};

const limitFrom = (text: string): number | null => {
  if (text === 'none') return null;
  const limit = Math.round(parseLineSpeed(text, '--limit'));
  if (limit >= LEAST_LINE_LIMIT) return limit;
  throw new UsageError(`--limit ${text} is too little for a connection to stay alive; 80kbit is the least.`);
};

const switchFrom = (text: string, option: string): boolean => {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new UsageError(`${option} is on or off, and not ${text}.`);
};

const windowFrom = (text: string): NightWindow | null => {
  if (text === 'none') return null;
  const [, from = '', to = ''] = /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(text.replaceAll(/\s/g, '')) ?? [];
  const [start, end] = [from.padStart(5, '0'), to.padStart(5, '0')];
  if ([start, end].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time))) return { from: start, to: end };
  throw new UsageError(`--night ${text} names no hours; write them like 22:00-06:00, or none.`);
};
