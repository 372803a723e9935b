import type { Night } from '../../shared/bridge/pace.ts';
import type { Formats } from '../../shared/formats.ts';

/** One night as the stave draws it; shares are of the whole work, 0 to 1. */
export interface Measure {
  readonly from: number;
  readonly kind: Night['kind'];
  /** Where it begins. */
  readonly start: number;
  readonly share: number;
  /** How much of the measure itself is done. */
  readonly done: number;
  /** "Sunday night" */
  readonly name: string;
  /** "42,900" */
  readonly count: string;
  /** Everything about it, in a sentence or two. */
  readonly words: string;
}

/** As wide as its share of the bytes; a night without any has no measure. */
export const measuresOf = (nights: readonly Night[], formats: Formats): readonly Measure[] => {
  const weights = nights.map(({ bytes, bytesToCome }) => bytes + bytesToCome);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let start = 0;
  return nights.flatMap((night, i): readonly Measure[] => {
    const weight = weights[i] ?? 0;
    if (weight === 0) return [];
    const share = weight / whole;
    const measure: Measure = {
      from: night.from,
      kind: night.kind,
      start,
      share,
      done: night.bytes / weight,
      name: nightName(night, formats),
      count: formats.count(night.tracks + night.tracksToCome),
      words: nightWords(night, formats),
    };
    start += share;
    return [measure];
  });
};

/** Hours after midnight belong to the evening before. */
const BEFORE_DAWN_MS = 6 * 3_600_000;

/** A night is called by the day on whose evening it begins. */
export const nightName = ({ kind, from }: Pick<Night, 'kind' | 'from'>, formats: Formats): string =>
  kind === 'now' ? 'Tonight' : `${formats.weekday(from - BEFORE_DAWN_MS)} night`;

const nightWords = (night: Night, formats: Formats): string => {
  const hours = `${formats.clock(night.from)} to ${formats.clock(night.to)}`;
  const part = (tracks: number, bytes: number): string =>
    `${formats.count(tracks)} ${tracks === 1 ? 'track' : 'tracks'}, ${formats.bytes(bytes)}`;
  const name = `${nightName(night, formats)}, ${hours}`;
  const { kind, tracks, bytes, tracksToCome, bytesToCome } = night;
  switch (kind) {
    case 'past':
      return `${name}: ${part(tracks, bytes)}.`;
    case 'now':
      return tracksToCome === 0
        ? `${name}: ${part(tracks, bytes)} so far.`
        : `${name}: ${part(tracks, bytes)} so far; about ${part(tracksToCome, bytesToCome)} still to come.`;
    case 'coming':
      return `${name}: about ${part(tracksToCome, bytesToCome)}.`;
  }
};

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Behind the hour at which all is done: ", in the second of two nights"; empty where one night is all. */
export const lastNightWords = (nights: readonly Night[], formats: Formats): string => {
  const count = nights.length;
  if (count < 2) return '';
  return count === 2
    ? ', in the second of two nights'
    : `, in the last of ${NUMBERS[count] ?? formats.count(count)} nights`;
};
