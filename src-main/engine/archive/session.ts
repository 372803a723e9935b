import { API_PREFIX } from '../../../shared/api/discovery.ts';
import { sessionSchema, type Session } from '../../../shared/api/auth.ts';
import type { Clock } from '../clock.ts';
import { asRefusal, readAnswer } from './answers.ts';
import { RefusedError, SignedOutError, WrongPasswordError } from './errors.ts';
import type { Http, HttpAnswer } from './http.ts';

/**
 * What we may sign in with. `refresh` is the token that an earlier session left; `mint` is for an archive inside this
 * program, which needs no password.
 */
export type Credentials =
  | { readonly kind: 'password'; readonly email: string; readonly password: string }
  | { readonly kind: 'refresh'; readonly token: string }
  | { readonly kind: 'mint'; readonly mint: () => Promise<Session> };

/** Told each new session, and waited for before any of its tokens is used. Must not reject. */
export type OnSession = (session: Session) => Promise<void>;

export interface SessionHolder {
  /** A token that is good now; asks for a new one when its life is nearly over. */
  readonly token: () => Promise<string>;
  /** A token other than the one that was refused. One renewal at a time, whoever asks. */
  readonly renew: (refused: string) => Promise<string>;
  /** Ends this log-in at an archive that knows how to; nothing may be asked of it afterwards. @throws as a request does */
  readonly end: () => Promise<void>;
}

interface Held {
  readonly session: Session;
  /** Monotonic milliseconds at which it should be renewed. */
  readonly renewAt: number;
}

/** Renewed at four fifths of its life, so that no request goes out with a token that dies on the way. */
const LIFE_SHARE = 0.8;

/** Signs in. @throws WrongPasswordError, SignedOutError, RefusedError, UnreachableError, NotAnArchiveError */
export const signIn = async (http: Http, origin: string, credentials: Credentials): Promise<Session> => {
  if (credentials.kind === 'mint') return credentials.mint();
  if (credentials.kind === 'refresh') {
    const answer = await refresh(http, origin, credentials.token);
    if (isFinalNo(answer.status))
      throw new SignedOutError(origin, 'it does not know the log-in that was kept.');
    return readAnswer(origin, answer, sessionSchema);
  }
  const { email, password } = credentials;
  const answer = await http.api({
    method: 'POST',
    url: `${origin}${API_PREFIX}/auth/login`,
    json: { email, password },
  });
  if (answer.status === 401) throw new WrongPasswordError(origin, email);
  return readAnswer(origin, answer, sessionSchema);
};

const refresh = (http: Http, origin: string, refresh_token: string): Promise<HttpAnswer> =>
  http.api({ method: 'POST', url: `${origin}${API_PREFIX}/auth/refresh`, json: { refresh_token } });

/** Asked again, it would be the same: neither the hour nor the load is to blame. */
const isFinalNo = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429;

export const holdSession = (
  http: Http,
  origin: string,
  credentials: Credentials,
  first: Session,
  clock: Clock,
  onSession?: OnSession,
): SessionHolder => {
  /** The life is what the archive says by its own clock; ours may be wrong by days. An hour where it makes no sense. */
  const hold = (session: Session): Held => {
    const told = Date.parse(session.expires_at) - clock.now();
    const life = Number.isFinite(told) && told > 1000 && told < 25 * 3_600_000 ? told : 3_600_000;
    return { session, renewAt: clock.monotonic() + life * LIFE_SHARE };
  };

  let held = hold(first);
  let renewal: Promise<Held> | undefined;

  const refreshOrSignIn = async (): Promise<Session> => {
    const { refresh_token } = held.session;
    if (refresh_token !== undefined) {
      const answer = await refresh(http, origin, refresh_token);
      if (!isFinalNo(answer.status)) return readAnswer(origin, answer, sessionSchema);
    }
    // The older token that the session began with would be taken for a stolen one.
    if (credentials.kind === 'refresh') throw new SignedOutError(origin, 'your log-in has ended there.');
    try {
      return await signIn(http, origin, credentials);
    } catch (error) {
      if (error instanceof WrongPasswordError || (error instanceof RefusedError && isFinalNo(error.status)))
        throw new SignedOutError(origin, error.message);
      throw error;
    }
  };

  const renewNow = (): Promise<Held> => {
    renewal ??= refreshOrSignIn()
      .then(async (session) => {
        await onSession?.(session);
        return (held = hold(session));
      })
      .finally(() => (renewal = undefined));
    return renewal;
  };

  return {
    token: async () => (clock.monotonic() < held.renewAt ? held : await renewNow()).session.api_token,
    renew: async (refused) =>
      (held.session.api_token === refused ? await renewNow() : held).session.api_token,
    end: async () => {
      const { api_token: bearer, refresh_token } = held.session;
      const url = `${origin}${API_PREFIX}/auth/logout`;
      const answer = await http.api({ method: 'POST', url, bearer, json: { refresh_token } });
      // Refused: it has ended already.
      if (answer.status !== 401 && (answer.status < 200 || answer.status > 299))
        throw asRefusal(origin, answer);
    },
  };
};
