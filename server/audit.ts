import type { Logger } from 'pino';

/** What happened that somebody may want to know later: who came, what was taken, what was refused. */
export type AuditEvent =
  | 'archive_started'
  | 'archive_stopped'
  | 'account_added'
  | 'account_removed'
  | 'role_changed'
  | 'password_changed'
  | 'login'
  | 'login_failed'
  | 'login_locked'
  | 'login_throttled'
  | 'logout'
  | 'refresh_reused'
  | 'session_minted'
  | 'bytes_stored'
  | 'song_recorded'
  | 'request_refused'
  | 'damage_found'
  | 'object_unreadable'
  | 'object_stuck'
  | 'clean_up';

/** One line in the log. No tokens, addresses with tokens, passwords or e-mail addresses among the fields. */
export type Audit = (event: AuditEvent, fields?: Readonly<Record<string, unknown>>) => void;

export const createAudit =
  (logger: Logger): Audit =>
  (event, fields = {}) =>
    logger.info({ audit: event, ...fields }, event);
