import { API_PREFIX, discoverySchema, type Discovery } from '../../../shared/api/discovery.ts';
import type { Clock } from '../clock.ts';
import { readAnswer } from './answers.ts';
import { createClient, type ArchiveClient } from './client.ts';
import { NotAnArchiveError, RefusedError } from './errors.ts';
import type { Http } from './http.ts';
import { holdSession, type OnSession, signIn, type Credentials } from './session.ts';
import { isThisComputer } from './upload-address.ts';

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

/**
 * The origin that a person meant. Without a scheme it is https, and http only for this very computer.
 * @throws NotAnArchiveError
 */
export const originOf = (address: string): string => {
  const refused = (why: string): NotAnArchiveError => new NotAnArchiveError(address, why);
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const text = hasScheme ? address : `https://${address}`;
  if (!URL.canParse(text)) throw refused('this is not an address');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused('it must begin with http:// or https://');
  if (url.username + url.password !== '') throw refused('name and password do not belong into it');
  if (!/^\/(api\/v1\/?)?$/.test(url.pathname) || url.search + url.hash !== '')
    throw refused(`an archive is always at the root of its address, so leave ${pathOf(url)} out`);
  if (!hasScheme && isThisComputer(url)) return new URL(`http://${address}`).origin;
  return url.origin;
};

const pathOf = ({ pathname, search, hash }: URL): string =>
  (pathname === '/' ? '' : pathname) + search + hash;

/** Whether everything, the password too, goes to another computer in clear. */
export const isInClear = (origin: string): boolean => {
  const url = new URL(origin);
  return url.protocol === 'http:' && !isThisComputer(url);
};

export const inClearWords = (origin: string): string =>
  `${origin} is not encrypted: whoever is on the way there can read your password and your music. Use https:// if the archive has it.`;

/**
 * Finds out what answers at `address` and signs in.
 * @throws UnreachableError, NotAnArchiveError, WrongPasswordError, SignedOutError, RefusedError
 */
export const connect = async (
  http: Http,
  address: string,
  credentials: Credentials,
  clock: Clock,
  onSession?: OnSession,
): Promise<ArchiveConnection> => {
  const origin = originOf(address);
  const discovery = await discover(http, origin);
  const session = await signInHere(http, origin, credentials);
  await onSession?.(session);
  const holder = holdSession(http, origin, credentials, session, clock, onSession);
  return {
    kind: discovery === undefined ? 'rails' : 'ledgerline',
    identity:
      discovery === undefined
        ? `rails:${origin}:${session.user.email.toLowerCase()}`
        : `ledgerline:${discovery.archive_id}:${session.user.id}`,
    origin,
    discovery,
    client: createClient(http, origin, holder, discovery, clock.now),
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
