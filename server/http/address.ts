import { isIP, isIPv6 } from 'node:net';

/** Whether this is one IP address, or a range of them in CIDR notation that leaves some out. */
export const isAddressRange = (text: string): boolean => {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  // A range of length 0 would believe anybody.
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
};

/**
 * What one household or server cannot change at will: an IPv4 address, or the first half of an IPv6 address. What a
 * proxy calls an address and is none is all one.
 */
export const networkOf = (address: string): string => {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain;
  if (!isIPv6(mapped)) return isIP(mapped) === 4 ? mapped : 'unknown';
  const [head = '', tail] = mapped.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  // An IPv4 address at the end stands for two of the eight groups.
  const after =
    tail === undefined || tail === '' ? [] : tail.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':');
  const between = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  const groups = [...before, ...between, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
};
