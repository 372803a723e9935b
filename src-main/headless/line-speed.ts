import { UsageError } from './usage-error.ts';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
const BITS = 8;

/**
 * The speed of a line as people write it: `20mbit`, `20 Mbit/s`, `20mbps` are bits, `2MB/s`, `2 MB` are bytes.
 * @returns bytes a second
 * @throws UsageError
 */
export const parseLineSpeed = (text: string, option = '--line'): number => {
  const match =
    /^\s*(\d+(?:[.,]\d+)?)\s*([kmg]?)(?:(bit|bits|bps)|(b|byte|bytes))\s*(?:\/\s*s|ps)?\s*$/i.exec(text);
  const [, number = '', prefix = '', bits, bytes = ''] = match ?? [];
  const amount = Number(number.replace(',', '.'));
  // "20 Mb" is read as bits by some and as bytes by others.
  const isUnclear = bytes === 'b';
  if (match === null || isUnclear || !(amount > 0))
    throw new UsageError(`${option} ${text} is not the speed of a line; write it like 20mbit or 2MB/s.`);
  const perSecond = amount * (FACTORS[prefix.toLowerCase()] ?? 1);
  return bits === undefined ? perSecond : perSecond / BITS;
};
