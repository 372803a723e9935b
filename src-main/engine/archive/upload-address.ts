import { UnsafeAddressError } from './errors.ts';

/**
 * Decides whether we send a file to the address that the archive named. We follow an archive anywhere over https,
 * and over http only where its own API is http too; never to another protocol, and never to the link-local addresses
 * at which clouds keep their machines' secrets.
 * @throws UnsafeAddressError
 */
export const checkedUploadUrl = (address: string, apiOrigin: string): URL => {
  if (!URL.canParse(address)) throw new UnsafeAddressError('it is no address');
  const url = new URL(address);
  const api = new URL(apiOrigin);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UnsafeAddressError(`protocol ${url.protocol}`);
  if (url.protocol === 'http:' && api.protocol === 'https:')
    throw new UnsafeAddressError('not encrypted, while the archive itself is');
  const host = plainHost(url.hostname);
  if (isLinkLocal(host)) throw new UnsafeAddressError('a link-local address');
  if (isLoopback(host) && !isLoopback(plainHost(api.hostname)))
    throw new UnsafeAddressError('an address on this computer');
  return url;
};

/**
 * The headers that the archive wants to be sent with a file, or a refusal: whom we speak to and how the body travels is
 * not for it to say.
 * @throws UnsafeAddressError
 */
export const checkedUploadHeaders = (
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  for (const name of Object.keys(headers))
    if (OURS_TO_SAY.has(name.toLowerCase())) throw new UnsafeAddressError(`it sets the header ${name}`);
  return headers;
};

const OURS_TO_SAY: ReadonlySet<string> = new Set([
  'connection',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether an address leads to this very computer. */
export const isThisComputer = (url: URL): boolean => isLoopback(plainHost(url.hostname));

/** IPv4 as it may be wrapped in IPv6, and names with their last dot, mean what they wrap. */
const plainHost = (hostname: string): string => {
  const wrapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/i.exec(hostname);
  if (wrapped === null) return hostname.replace(/\.$/, '');
  const [high, low] = [wrapped[1], wrapped[2]].map((part) => Number.parseInt(part ?? '', 16));
  if (high === undefined || low === undefined) return hostname;
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
};

/** Also the one address outside of that range at which a cloud answers. */
const isLinkLocal = (hostname: string): boolean =>
  hostname.startsWith('169.254.') || /^\[fe[89ab]/i.test(hostname) || hostname === '[fd00:ec2::254]';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  /^127(\.\d+){3}$/.test(hostname) ||
  // 'Any address' leads to this computer too.
  hostname === '0.0.0.0' ||
  hostname === '[::]' ||
  hostname === '[::1]';
