import { API_PREFIX, discoverySchema, type Discovery } from '../../../shared/api/discovery.ts';
import type { Clock } from '../clock.ts';
import { readAnswer } from './answers.ts';
import { createClient, type ArchiveClient } from './client.ts';
import { NotAnArchiveError, RefusedError } from './errors.ts';
import type { Http } from './http.ts';
import { holdSession, signIn, type Credentials } from './session.ts';

/**
 * `ledgerline`: tells what it is and can do, verifies what it stores, may be asked again.
 * `rails`: the older archive, with the baseline only.
 */
export type ArchiveKind = 'ledgerline' | 'rails';

export interface ArchiveConnection {
  readonly kind: ArchiveKind;
  /** What the ledger knows it by: never an address alone where the archive tells who it is. */
  readonly identity: string;
  readonly origin: string;
  readonly discovery: Discovery | undefined;
  readonly client: ArchiveClient;
  readonly http: Http;
}

/** The origin that a person meant: with or without a path or slash behind it. @throws NotAnArchiveError */
export const originOf = (address: string): string => {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(text)) throw new NotAnArchiveError(address, 'this is not an address');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new NotAnArchiveError(address, 'its address must begin with http:// or https://');
  return url.origin;
};

/**
 * Finds out what answers at `address` and signs in.
 * @throws UnreachableError, NotAnArchiveError, WrongPasswordError, RefusedError
 */
export const connect = async (
  http: Http,
  address: string,
  credentials: Credentials,
  clock: Clock,
): Promise<ArchiveConnection> => {
  const origin = originOf(address);
  const discovery = await discover(http, origin);
  const session = await signInHere(http, origin, credentials);
  const holder = holdSession(http, origin, credentials, session, clock);
  return {
    kind: discovery === undefined ? 'rails' : 'ledgerline',
    identity:
      discovery === undefined
        ? `rails:${origin}:${session.user.email.toLowerCase()}`
        : `ledgerline:${discovery.archive_id}:${session.user.id}`,
    origin,
    discovery,
    client: createClient(http, origin, holder, discovery),
    http,
  };
};

/** undefined: an archive without extensions, which has no such page. */
const discover = async (http: Http, origin: string): Promise<Discovery | undefined> => {
  const answer = await http.api({ method: 'GET', url: `${origin}${API_PREFIX}` });
  return answer.status === 404 ? undefined : readAnswer(origin, answer, discoverySchema);
};

const signInHere: typeof signIn = async (http, origin, credentials) => {
  try {
    return await signIn(http, origin, credentials);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404)
      throw new NotAnArchiveError(origin, 'there is no archive at this address');
    throw error;
  }
};
