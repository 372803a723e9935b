import {
  estimate,
  type Estimate,
  estimateAsMeasured,
  type Load,
  type MeasuredRate,
  type Pace,
  UPLOADS,
} from './estimate.ts';

/** How long it is expected to take, by one thing that limits it. */
export type TimesRow =
  | {
      readonly kind: 'pace';
      /** No line but a disk. */
      readonly isDisk: boolean;
      readonly pace: Pace;
      readonly estimates: readonly Estimate[];
    }
  | {
      readonly kind: 'measured';
      readonly rate: MeasuredRate;
      readonly estimate: Omit<Estimate, 'uploads'>;
    };

const mbit = (value: number): number => (value * 1e6) / 8;
/** Uplinks that people have, in bits a second: a slow and a usual DSL line, cable, fibre. */
const USUAL_LINES = [10, 20, 50, 200].map(mbit);
/** Three questions and answers for each file, at the 50 ms that a distant archive takes for one. */
const SECONDS_PER_FILE_ELSEWHERE = 0.15;
/** No line at all: the same disk read and written. */
const DISK_BYTES_PER_SECOND = 60e6;
const SECONDS_PER_FILE_HERE = 0.02;

export interface KnownOfTheWay {
  /** The archive is on this computer. */
  readonly here: boolean;
  /** As somebody named it, bytes a second. */
  readonly line: number | undefined;
  readonly measured: MeasuredRate | undefined;
}

/** What waiting for answers costs with each file, beside its bytes. */
export const secondsPerFile = ({ here }: Pick<KnownOfTheWay, 'here'>): number =>
  here ? SECONDS_PER_FILE_HERE : SECONDS_PER_FILE_ELSEWHERE;

/** @param uploads how many at once, a time for each */
export const timesFor = (
  load: Load,
  { here, line, measured }: KnownOfTheWay,
  uploads: readonly number[] = UPLOADS,
): readonly TimesRow[] => {
  const speeds = line !== undefined ? [line] : here ? [DISK_BYTES_PER_SECOND] : USUAL_LINES;
  return [
    ...(measured === undefined
      ? []
      : [{ kind: 'measured', rate: measured, estimate: estimateAsMeasured(load, measured) } as const]),
    ...speeds.map((bytesPerSecond) => {
      const pace = { bytesPerSecond, secondsPerFile: secondsPerFile({ here }) };
      const estimates = uploads.map((count) => estimate(load, pace, count));
      return { kind: 'pace', isDisk: here && line === undefined, pace, estimates } as const;
    }),
  ];
};
