import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host.toLowerCase());

/** Listens on whatever the computer is called. */
const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address.toLowerCase()),
  );

/**
 * The names by which the page may be asked for. Another name that leads here is a stranger's (DNS rebinding), so it is
 * refused.
 */
export const namesFor = (host: string): ReadonlySet<string> => {
  if (!isEverywhere(host)) return new Set([...LOOPBACK, host.toLowerCase()]);
  const name = hostname().toLowerCase();
  return new Set([...LOOPBACK, name, `${name}.local`, ...ownAddresses()]);
};

/** What `Host` says, without its port; undefined where it is no host. */
export const nameIn = (header: string | undefined): string | undefined => {
  if (header === undefined || !URL.canParse(`http://${header}`)) return undefined;
  const { hostname: name, username, pathname } = new URL(`http://${header}`);
  if (username !== '' || pathname !== '/') return undefined;
  return name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
};

/** Whether a page of this origin is the one that is served under this `Host`. */
export const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean => {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  // An encrypting proxy in front of us speaks https for the same host.
  return (
    (protocol === 'http:' || protocol === 'https:') &&
    [`http://${host}`, `https://${host}`].some((url) => URL.canParse(url) && new URL(url).host === from)
  );
};

/** The address to type for a server that listens there. */
export const urlFor = (host: string, port: number): string => {
  const name = isEverywhere(host)
    ? (ownAddresses().find((address) => isIP(address) === 4) ?? 'localhost')
    : host;
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
};
