/** How long sending takes, by a simple model: whatever is slower of the bytes on the line and the work per file. */

export interface Load {
  readonly files: number;
  readonly bytes: number;
}

/** What limits it: the line, and what each file costs beside its bytes (asking for a ticket, recording). */
export interface Pace {
  readonly bytesPerSecond: number;
  /** For one upload; several share it. */
  readonly secondsPerFile: number;
}

export interface Estimate {
  readonly uploads: number;
  readonly seconds: number;
  readonly hours: number;
  readonly nights: number;
}

export const UPLOADS = [5, 10, 20] as const;
export const NIGHT_HOURS = 8;

export const estimate = (load: Load, pace: Pace, uploads: number): Estimate => {
  const seconds = Math.max(
    load.bytes / pace.bytesPerSecond,
    (load.files * pace.secondsPerFile) / Math.max(1, uploads),
  );
  const hours = seconds / 3600;
  return { uploads, seconds, hours, nights: Math.ceil(hours / NIGHT_HOURS) };
};

/** What a run did, as far as it tells how fast it went. */
export interface MeasuredRun {
  readonly puts: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface MeasuredRate {
  readonly bytesPerSecond: number;
  readonly filesPerSecond: number;
}

/** Fewer say more about how a run begins than about how it goes. */
const FEWEST_PUTS = 20;

/** The best of these runs: in the others the line or the person did something else as well. */
export const measuredRate = (runs: readonly MeasuredRun[]): MeasuredRate | undefined => {
  const telling = runs.filter(({ puts, seconds }) => puts >= FEWEST_PUTS && seconds > 0);
  if (telling.length === 0) return undefined;
  return {
    bytesPerSecond: Math.max(...telling.map(({ bytes, seconds }) => bytes / seconds)),
    filesPerSecond: Math.max(...telling.map(({ puts, seconds }) => puts / seconds)),
  };
};

/** At that rate, however many uploads there are: how many were used then is not known. */
export const estimateAsMeasured = (load: Load, rate: MeasuredRate): Omit<Estimate, 'uploads'> => {
  const { seconds, hours, nights } = estimate(
    load,
    { bytesPerSecond: rate.bytesPerSecond, secondsPerFile: 1 / rate.filesPerSecond },
    1,
  );
  return { seconds, hours, nights };
};
