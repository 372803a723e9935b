import type { Load } from '../../engine/plan/estimate.ts';
import { type KnownOfTheWay, secondsPerFile, timesFor, type TimesRow } from '../../engine/plan/times.ts';

export interface Plan {
  /** The table of expected times, a line each. */
  readonly rows: readonly TimesRow[];
  /** What the figures rest on, a sentence each. */
  readonly assumptions: readonly string[];
}

export const planFor = (load: Load, known: KnownOfTheWay): Plan => {
  const { here, line, measured } = known;
  const perFile = `${Math.round(secondsPerFile(known) * 1000)} ms of waiting for each file`;
  return {
    rows: timesFor(load, known),
    assumptions: [
      line === undefined
        ? `Assumed: ${here ? 'a disk that copies 60 MB/s' : 'the speeds of usual lines; name yours with --line'}, and ${perFile}.`
        : `Assumed: the line you named, used by nothing else, and ${perFile}.`,
      ...(measured === undefined ? [] : ['Measured: the fastest of the last runs with this archive.']),
    ],
  };
};
