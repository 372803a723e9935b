import { ERROR_STATUS, type ErrorCode } from '../shared/error-codes.ts';
import type { Problem } from '../shared/api/problem.ts';

/** A request that the archive turns down, or cannot serve now. `message` is written for the person who asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: RefusalOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

interface RefusalOptions {
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

const TITLES: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'The request is not understood',
  invalid_credentials: 'E-mail or password is wrong',
  token_missing: 'Please sign in',
  token_invalid: 'Please sign in again',
  token_expired: 'Please sign in again',
  refresh_invalid: 'Please sign in again',
  forbidden_role: 'This account may not do that',
  url_expired: 'The upload address has expired',
  not_found: 'Not found',
  request_timeout: 'The request took too long',
  not_uploaded: 'The bytes are not here yet',
  already_stored: 'Other bytes are stored here already',
  length_required: 'The length is missing',
  too_large: 'Too large',
  unsupported_media_type: 'This kind of request body is not understood',
  unsupported_audio: 'This is not an audio format that is taken',
  length_mismatch: 'The length differs from what was announced',
  type_mismatch: 'The type differs from what was announced',
  checksum_mismatch: 'The bytes differ from what was announced',
  not_audio: 'The bytes are not the audio they claim to be',
  too_many_attempts: 'Too many attempts',
  too_many_pending: 'Too many unused tickets',
  internal: 'Something went wrong in the archive',
  busy: 'The archive is busy',
  storage_unavailable: 'The storage cannot be reached',
  storage_full: 'The archive is full',
};

/** The body of an error answer (RFC 9457). */
export const problemOf = (code: ErrorCode, detail: string): Problem => ({
  type: 'about:blank',
  title: TITLES[code],
  status: ERROR_STATUS[code],
  detail,
  code,
  error: detail,
});

interface ErrorLike {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly ValidationIssue[];
  readonly validationContext?: string;
}
interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: { readonly errors?: readonly (readonly ZodIssue[])[] };
}
interface ZodIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Turns whatever was thrown while a request was served into what the caller is told. */
export const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const known: ErrorLike = typeof error === 'object' && error !== null ? error : {};
  if (known.validation !== undefined) {
    return new Refusal('invalid_request', validationDetail(known.validation, known.validationContext));
  }
  const code = typeof known.code === 'string' ? known.code : '';
  const status = typeof known.statusCode === 'number' ? known.statusCode : 500;
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return new Refusal('busy', 'The archive is busy. Please try again.', {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new Refusal('storage_full', 'The archive has no room left.', { cause: error });
  }
  if (status === 413) return new Refusal('too_large', 'The request is larger than this archive takes.');
  if (status === 415) return new Refusal('unsupported_media_type', 'Send application/json.');
  if (status === 404) return new Refusal('not_found', 'There is nothing at this address.');
  if (status >= 400 && status < 500) {
    return new Refusal('invalid_request', 'The request is not understood.', { cause: error });
  }
  return new Refusal('internal', 'Something went wrong in the archive. Its log knows more.', {
    cause: error,
  });
};

const validationDetail = (issues: readonly ValidationIssue[], context = 'request'): string =>
  issues
    .slice(0, 5)
    .flatMap((issue) => nearestBranch(issue))
    .map(({ path, message }) => `${path === '' ? context : path}: ${message}`)
    .join('; ')
    .slice(0, 1000);

/** Where a body may have several shapes, speaks of the one that it comes nearest to. */
const nearestBranch = (issue: ValidationIssue): readonly { path: string; message: string }[] => {
  const here = issue.instancePath.replace(/^\//, '').replaceAll('/', '.');
  const branches = issue.params?.errors ?? [];
  const [nearest] = branches.toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return [{ path: here, message: issue.message ?? 'is not right' }];
  return nearest.slice(0, 5).map(({ path, message }) => ({
    path: [here, ...path.map(String)].filter((part) => part !== '').join('.'),
    message,
  }));
};

/** A branch that knows none of the keys is further away than one that only dislikes a value. */
const distance = (issues: readonly ZodIssue[]): number =>
  issues.length +
  (issues.some((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0) ? 100 : 0);
