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
  if (isLinkLocal(url.hostname)) throw new UnsafeAddressError('a link-local address');
  if (isLoopback(url.hostname) && !isLoopback(api.hostname))
    throw new UnsafeAddressError('an address on this computer');
  return url;
};

const isLinkLocal = (hostname: string): boolean =>
  /^169\.254\./.test(hostname) || /^\[fe[89ab]/i.test(hostname);

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  /^127\./.test(hostname) ||
  hostname === '[::1]';
