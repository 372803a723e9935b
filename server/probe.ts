/** The places on the way of one file at which a test may stop the archive; see the crash tests. */
export const PROBE_POINTS = [
  'ticket_committed',
  'tmp_written',
  'fsynced',
  'renamed',
  'row_committed',
  'song_committed',
  'job_queued',
] as const;
export type ProbePoint = (typeof PROBE_POINTS)[number];

/** Called whenever the archive passes a point. Does nothing unless a test passes its own. */
export type Probe = (point: ProbePoint) => void;
export const noProbe: Probe = () => undefined;

/** Milliseconds since 1970. */
export type Clock = () => number;
