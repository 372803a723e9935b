import {
  estimate,
  type Estimate,
  estimateAsMeasured,
  type Load,
  type MeasuredRate,
  type Pace,
  UPLOADS,
} from './estimate.ts';

/** One line of the table of expected times. */
export type PlanRow =
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

export interface Plan {
  readonly rows: readonly PlanRow[];
  /** What the figures rest on, a sentence each. */
  readonly assumptions: readonly string[];
}

const mbit = (value: number): number => (value * 1e6) / 8;
/** Uplinks that people have, in bits a second: a slow and a usual DSL line, cable, fibre. */
const USUAL_LINES = [10, 20, 50, 200].map(mbit);
/** Three questions and answers for each file, at the 50 ms that a distant archive takes for one. */
const SECONDS_PER_FILE_ELSEWHERE = 0.15;
/** No line at all: the same disk read and written. */
const DISK_BYTES_PER_SECOND = 60e6;
const SECONDS_PER_FILE_HERE = 0.02;

export const planFor = (
  load: Load,
  known: {
    readonly here: boolean;
    /** As --line said, bytes a second. */
    readonly line: number | undefined;
    readonly measured: MeasuredRate | undefined;
  },
): Plan => {
  const { here, line, measured } = known;
  const secondsPerFile = here ? SECONDS_PER_FILE_HERE : SECONDS_PER_FILE_ELSEWHERE;
  const speeds = line !== undefined ? [line] : here ? [DISK_BYTES_PER_SECOND] : USUAL_LINES;
  const perFile = `${Math.round(secondsPerFile * 1000)} ms of waiting for each file`;
  return {
    rows: [
      ...(measured === undefined
        ? []
        : [{ kind: 'measured', rate: measured, estimate: estimateAsMeasured(load, measured) } as const]),
      ...speeds.map((bytesPerSecond) => {
        const pace = { bytesPerSecond, secondsPerFile };
        const estimates = UPLOADS.map((uploads) => estimate(load, pace, uploads));
        return { kind: 'pace', isDisk: here && line === undefined, pace, estimates } as const;
      }),
    ],
    assumptions: [
      line === undefined
        ? `Assumed: ${here ? 'a disk that copies 60 MB/s' : 'the speeds of usual lines; name yours with --line'}, and ${perFile}.`
        : `Assumed: the line you named, used by nothing else, and ${perFile}.`,
      ...(measured === undefined ? [] : ['Measured: the fastest of the last runs with this archive.']),
    ],
  };
};
