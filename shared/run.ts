import { z } from 'zod';

/**
 * What a run tells about itself: totals that always add up, what is under way, and what became of single tracks.
 * All counts are tracks unless the name says bytes.
 */

const count = z.int().nonnegative();

/** Disjoint: `found` is the sum of the six that follow it. */
export const totalsSchema = z.object({
  found: count,
  /** Their bytes were sent in this run. */
  archived: count,
  /** Their bytes were in the archive before, or are there by another track. */
  already_archived: count,
  /** Recognised at a new place, without an upload. */
  moved: count,
  failed: count,
  skipped: count,
  waiting: count,
});
export type Totals = z.infer<typeof totalsSchema>;

export const runSummarySchema = totalsSchema.extend({
  /** Beside the sum: they were there before and are not now. Nothing follows from that for what is archived of them. */
  missing: count,
  /** PUTs answered with 2xx in this run, and their bytes. */
  puts: count,
  bytes_sent: count,
  seconds: z.number().nonnegative(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** Why nothing is sent at the moment, or that the run is about to end. */
export type GateReason =
  | 'paused'
  | 'night'
  | 'battery'
  | 'offline'
  | 'archive_busy'
  | 'archive_full'
  | 'signed_out'
  | 'library_gone'
  | 'stopping';

export interface Gate {
  readonly state: 'open' | 'draining' | 'closed';
  readonly reason?: GateReason;
  /** For a person. */
  readonly message?: string;
  /** When the gate will look again or open, ms since 1970. */
  readonly nextChange?: number;
}

export interface InFlight {
  /** Relative to the library, fit to be shown. */
  readonly path: string;
  readonly bytes: number;
  readonly sent: number;
  /** As its tags have it; empty where they name none. */
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  /** The same file as bytes of the file system: the library absolute, the folder relative to it. */
  readonly place: {
    readonly libraryPath: Uint8Array;
    readonly folderPath: Uint8Array;
    readonly name: Uint8Array;
  };
}

export interface RunSnapshot {
  /** Whether the disk is still being looked through. */
  readonly scanning: boolean;
  /** The libraries that were looked through in this run, or found to be out of reach. */
  readonly looked: readonly number[];
  readonly gate: Gate;
  readonly totals: Totals;
  /** Bytes of the tracks that are found, of those still waiting, of those that the archive has and of those that failed. */
  readonly bytesFound: number;
  readonly bytesWaiting: number;
  readonly bytesArchived: number;
  readonly bytesFailed: number;
  readonly puts: number;
  readonly bytesSent: number;
  /** Over the last half minute. */
  readonly bytesPerSecond: number;
  readonly filesPerSecond: number;
  /** When the waiting will be done at this pace, ms since 1970; undefined while that cannot be told. */
  readonly endsAt?: number;
  readonly inFlight: readonly InFlight[];
  readonly seconds: number;
}

export type TrackOutcome = 'archived' | 'already_archived' | 'moved' | 'failed' | 'skipped' | 'retry';

/** What became of one track just now. */
export interface TrackEvent {
  readonly outcome: TrackOutcome;
  /** Library and path, fit to be shown. */
  readonly path: string;
  readonly bytes: number;
  /** From the start of its upload (or reading) to this outcome. */
  readonly seconds: number;
  /** For failed, skipped and retry: a stable code and the words for a person. */
  readonly code?: string;
  readonly message?: string;
}
