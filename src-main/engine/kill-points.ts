/**
 * The places along the way of one track at which a test may end the process: before and after each commit and each
 * answer. The shell passes a probe in; without one nothing happens there.
 */
export const KILL_POINTS = [
  'scan_batch',
  'scan_committed',
  'read_done',
  'read_committed',
  'known_answered',
  'known_committed',
  'ticket_asked',
  'ticket_answered',
  'ticket_committed',
  'put_started',
  'put_half',
  'put_answered',
  'put_committed',
  'record_intended',
  'record_sent',
  'record_answered',
  'record_committed',
  'run_ended',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];
export type Probe = (point: KillPoint) => void;
export const noProbe: Probe = () => undefined;
