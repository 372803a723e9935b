import type { TrackEvent, TrackOutcome } from '../../shared/run.ts';
import type { DiskStat } from './library/differences.ts';
import { displayPath } from './library/paths.ts';
import { pathOnDisk, type Place } from './library/place.ts';

/** Tells whoever listens what became of single tracks. */
export interface Reporter {
  readonly track: (track: Place & Pick<DiskStat, 'byteSize'>, told: Told) => void;
}

interface Told {
  readonly outcome: TrackOutcome;
  readonly seconds: number;
  readonly code?: string;
  readonly message?: string;
}

/** Without a listener nothing is made up for nobody. */
export const createReporter = (listener: ((event: TrackEvent) => void) | undefined): Reporter => ({
  track: (track, told) =>
    listener?.({ ...told, path: displayPath(pathOnDisk(track)), bytes: track.byteSize }),
});
