import type { Gate, InFlight, RunSnapshot, Totals } from '../../../shared/run.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Paint } from './paint.ts';
import type { ScreenLine } from './screen.ts';
import { cutEnd, cutStart, widthOf } from './width.ts';

export interface BlockContext {
  readonly formats: Formats;
  readonly paint: Paint;
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
  /** ms since 1970 */
  readonly now: number;
}

const MOST_NAMES = 4;

/** The progress block of a run for a terminal of this size. No line is as wide as the terminal, so none wraps. */
export const blockLines = (snapshot: RunSnapshot, context: BlockContext): readonly ScreenLine[] => {
  const { formats, paint, rows, now } = context;
  const columns = Math.max(10, context.columns - 1);
  const text = (plain: string, style: (text: string) => string = (same) => same): ScreenLine => {
    const cut = cutEnd(plain, columns);
    return { plain: cut, shown: style(cut) };
  };
  const troubles = troubleWords(snapshot, formats);
  const head = [
    text(fitting(headVariants(snapshot, formats), columns), paint.bold),
    text(fitting(paceVariants(snapshot, formats, now), columns), gateStyle(snapshot.gate, paint)),
    ...(troubles === undefined ? [] : [text(troubles, paint.warn)]),
  ];
  const room = Math.max(0, Math.min(MOST_NAMES + 1, rows - head.length - 1));
  return [...head, ...flightLines(snapshot.inFlight, room, columns, formats, text, paint)];
};

/** The first variant that fits; the last where none does. */
const fitting = (variants: readonly string[], columns: number): string =>
  variants.find((variant) => widthOf(variant) <= columns) ?? variants.at(-1) ?? '';

const headVariants = (snapshot: RunSnapshot, formats: Formats): readonly string[] => {
  const { totals, scanning } = snapshot;
  if (scanning && totals.found === 0) return ['Looking through the music'];
  const files = filesWords(totals, formats);
  const bytes = bytesWords(snapshot, formats);
  // While more is being found, a share of what was found so far would only go back again.
  const share = scanning ? 'Looking' : shareWords(snapshot, formats);
  return [`${share} · ${files} · ${bytes}`, `${share} · ${files}`, files];
};

/** What failed should be archived, and is not. What is skipped is told for itself. */
export const filesWords = (
  { found, waiting, failed, skipped }: Pick<Totals, 'found' | 'waiting' | 'failed' | 'skipped'>,
  formats: Formats,
): string => {
  const wanted = found - skipped;
  return `${formats.count(wanted - failed - waiting)} of ${formats.files(wanted)} archived`;
};

type Bytes = Pick<RunSnapshot, 'bytesArchived' | 'bytesWaiting' | 'bytesFailed'>;

const wantedBytes = ({ bytesArchived, bytesWaiting, bytesFailed }: Bytes): number =>
  bytesArchived + bytesWaiting + bytesFailed;

export const bytesWords = (bytes: Bytes, formats: Formats): string =>
  `${formats.bytes(bytes.bytesArchived)} of ${formats.bytes(wantedBytes(bytes))}`;

/** All only where nothing waits and nothing failed, be it as small as it may. */
const shareWords = (snapshot: RunSnapshot, formats: Formats): string => {
  const { bytesArchived, totals } = snapshot;
  const rest = totals.waiting + totals.failed > 0 ? 1 : 0;
  return formats.percent(bytesArchived, Math.max(wantedBytes(snapshot), bytesArchived + rest));
};

const paceVariants = (snapshot: RunSnapshot, formats: Formats, now: number): readonly string[] => {
  const { gate, bytesPerSecond, filesPerSecond, endsAt, totals, scanning } = snapshot;
  const obstacle = gateWords(gate, formats, now);
  if (obstacle !== undefined) return obstacle;
  // A run that watches stays when all is done.
  if (totals.waiting === 0 && !scanning && totals.found > 0)
    return totals.failed === 0
      ? ['All done; looking out for more', 'All done']
      : [
          `All done but ${formats.count(totals.failed)}; looking out for more`,
          `All done but ${formats.count(totals.failed)}`,
        ];
  if (scanning && totals.found === 0) return [''];
  // Of a line over which nothing went yet nothing is known.
  if (snapshot.puts === 0 && bytesPerSecond === 0) return scanning ? [''] : ['measuring how fast it goes'];
  const rate = formats.rate(bytesPerSecond);
  const files = `${formats.files(Math.round(filesPerSecond))}/s`;
  const end = scanning
    ? undefined
    : endsAt === undefined
      ? 'measuring how fast it goes'
      : `done ${formats.when(endsAt, now)}`;
  const pace = filesPerSecond >= 1 ? `${rate}, ${files}` : rate;
  return end === undefined ? [pace, rate] : [`${pace} · ${end}`, `${rate} · ${end}`, end];
};

/** What keeps the files from going, longest words first; undefined when nothing does. */
export const gateWords = (gate: Gate, formats: Formats, now: number): readonly string[] | undefined => {
  const say = (words: string): readonly string[] => {
    const message = gate.message === undefined ? [] : [`${words}: ${gate.message}`];
    return [...message, words];
  };
  switch (gate.reason) {
    case undefined:
      return gate.state === 'open' ? undefined : say('Waiting');
    case 'paused':
      return restWords('Paused', gate, formats, now);
    case 'night':
      return restWords('Waiting for the night', gate, formats, now);
    case 'battery':
      return restWords('On battery, continues when plugged in', gate, formats, now);
    case 'offline':
      return offlineWords(gate, formats, now);
    case 'archive_busy':
      return say('The archive is busy, continues by itself');
    case 'archive_full':
      return say('The archive is full, continues when there is room');
    case 'signed_out':
      return say('Signed out');
    case 'library_gone':
      return say('The music folder cannot be reached');
    case 'stopping':
      return ['Finishing what is under way; Ctrl-C again stops at once', 'Finishing'];
  }
};

/** Somebody wished it so. */
const restWords = (
  words: string,
  { state, nextChange }: Gate,
  formats: Formats,
  now: number,
): readonly string[] => {
  const finishing = state === 'draining' ? `${words}; finishing what is under way` : undefined;
  const goesOn = nextChange === undefined ? undefined : `${words}; goes on ${formats.when(nextChange, now)}`;
  return [finishing, goesOn, words].filter((variant) => variant !== undefined);
};

/** The next try is named where it is known; while one is under way there is none. */
const offlineWords = ({ message, nextChange }: Gate, formats: Formats, now: number): readonly string[] => {
  const told = message === undefined ? [] : [message];
  if (nextChange === undefined || nextChange <= now)
    return [
      ...told,
      'The archive does not answer; it is asked again by itself',
      'The archive does not answer',
    ];
  const seconds = Math.ceil((nextChange - now) / 1000);
  const next = `next try in ${seconds < 60 ? `${formats.count(seconds)} s` : formats.duration(seconds)}`;
  return [
    ...told.map((words) => `${words} N${next.slice(1)}.`),
    `The archive does not answer; ${next}`,
    `No answer; ${next}`,
    'The archive does not answer',
  ];
};

const gateStyle = (gate: Gate, paint: Paint): ((text: string) => string) =>
  gate.state === 'open' ? (text) => text : paint.warn;

const troubleWords = ({ totals }: RunSnapshot, formats: Formats): string | undefined => {
  const parts = [
    totals.failed > 0 ? `${formats.count(totals.failed)} failed` : undefined,
    totals.skipped > 0 ? `${formats.count(totals.skipped)} skipped` : undefined,
    totals.moved > 0 ? `${formats.count(totals.moved)} moved` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' · ');
};

const flightLines = (
  inFlight: readonly InFlight[],
  room: number,
  columns: number,
  formats: Formats,
  text: (plain: string, style: (text: string) => string) => ScreenLine,
  paint: Paint,
): readonly ScreenLine[] => {
  if (room === 0) return [];
  const shown = inFlight.slice(0, inFlight.length > room ? room - 1 : room);
  const names = shown.map(({ path, bytes, sent }) => {
    const share = formats.percent(sent, bytes).padStart(5);
    return text(`${share}  ${cutStart(path, columns - 7)}`, paint.dim);
  });
  const more = inFlight.length - shown.length;
  return more === 0 ? names : [...names, text(`       and ${formats.count(more)} more`, paint.dim)];
};
