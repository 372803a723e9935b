import { EngineError } from '../errors.ts';

/** No connection, a connection that broke, or no answer in time. */
export class UnreachableError extends EngineError {
  readonly code = 'unreachable';
  /** There was no connection at all, so the archive has seen nothing of the request. */
  readonly neverSent: boolean;
  constructor(origin: string, what: string, cause?: unknown, neverSent = false) {
    super(`The archive at ${origin} cannot be reached (${what}).`, { origin, what }, cause);
    this.neverSent = neverSent;
  }
}

/** Something answered, but not as an archive does: a log-in page of a hotel, a proxy's error page. */
export class NotAnArchiveError extends EngineError {
  readonly code = 'not_an_archive';
  constructor(origin: string, what: string) {
    super(`What answers at ${origin} is not an archive (${what}). Please check the address.`, {
      origin,
      what,
    });
  }
}

/** The archive refused, and said why. */
export class RefusedError extends EngineError {
  readonly code: string;
  readonly status: number;
  /** Milliseconds that it asked us to wait. */
  readonly retryAfter: number | undefined;
  constructor(status: number, code: string, detail: string, retryAfter?: number) {
    super(detail, { status, code });
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Nobody is signed in, and what we have to sign in with does not do it (any more). */
export class SignedOutError extends EngineError {
  readonly code = 'signed_out';
  constructor(origin: string, detail: string) {
    super(`Please sign in again at ${origin}: ${detail}`, { origin });
  }
}

export class WrongPasswordError extends EngineError {
  readonly code = 'wrong_password';
  constructor(origin: string, email: string) {
    super(`The archive at ${origin} does not accept this e-mail and password (${email}).`, { origin, email });
  }
}

/** This account may not upload. */
export class ForbiddenError extends EngineError {
  readonly code = 'forbidden';
  constructor(origin: string, detail: string) {
    super(
      `This account may not upload to ${origin}: ${firstSentence(detail)}. An administrator can make it a moderator.`,
      { origin, detail },
    );
  }
}

/** Without its dot; what the archive advises after it, we say ourselves. */
const firstSentence = (text: string): string => text.split(/\.(?:\s|$)/, 1)[0] ?? text;

/** The archive handed out an address that we do not send to. */
export class UnsafeAddressError extends EngineError {
  readonly code = 'unsafe_address';
  constructor(what: string) {
    super(`The archive named an upload address that is not safe to use (${what}). Nothing was sent there.`, {
      what,
    });
  }
}

/** The archive says it holds other bytes than we sent. */
export class DiffersError extends EngineError {
  readonly code = 'archive_differs';
  constructor(context: Readonly<Record<string, unknown>>) {
    super(
      'The archive says that it holds other bytes than were sent. This needs a person to look at.',
      context,
    );
  }
}
