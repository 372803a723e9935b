/**
 * Every `code` that the archive may answer with, and the HTTP status that goes with it. Codes are stable: clients
 * decide by them, never by the words of a message.
 */
export const ERROR_STATUS = {
  invalid_request: 400,
  invalid_credentials: 401,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  refresh_invalid: 401,
  forbidden_role: 403,
  url_expired: 403,
  not_found: 404,
  request_timeout: 408,
  not_uploaded: 409,
  already_stored: 409,
  length_required: 411,
  too_large: 413,
  unsupported_media_type: 415,
  unsupported_audio: 422,
  length_mismatch: 422,
  type_mismatch: 422,
  checksum_mismatch: 422,
  not_audio: 422,
  too_many_attempts: 429,
  too_many_pending: 429,
  internal: 500,
  busy: 503,
  storage_unavailable: 503,
  storage_full: 507,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const ERROR_CODES = Object.keys(ERROR_STATUS) as readonly ErrorCode[];

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(ERROR_STATUS, value);
