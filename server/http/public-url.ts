import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * The address to tell clients where none is configured: the one that is listened on. Who listens on all of them is
 * reached at this computer's first address in its network.
 */
export const publicUrlFor = ({ address, family, port }: AddressInfo): string => {
  const everywhere = address === '0.0.0.0' || address === '::';
  const host = everywhere ? (firstNetworkAddress() ?? '127.0.0.1') : address;
  return `http://${family === 'IPv6' && !everywhere ? `[${host}]` : host}:${port}`;
};

const firstNetworkAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
