/**
 * The three checksums that FLAC and Ogg want, all with the most significant bit first, a start value of 0 and
 * no final XOR. The ranges are passed as offsets so that a frame is checked where it lies.
 */

const tableOf = (polynomial: number, width: 8 | 16 | 32): Uint32Array => {
  const top = 2 ** (width - 1);
  const mask = 2 ** width - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte * 2 ** (width - 8);
    for (let bit = 0; bit < 8; bit += 1) {
      const shifted = (remainder * 2) % 2 ** width;
      remainder = remainder >= top ? ((shifted ^ polynomial) >>> 0) & mask : shifted;
      remainder = remainder >>> 0;
    }
    return remainder;
  });
};

const CRC8 = tableOf(0x07, 8);
const CRC16 = tableOf(0x8005, 16);
const CRC32 = tableOf(0x04c11db7, 32);

/** Of a FLAC frame's header. */
export const crc8 = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0;
  for (let at = from; at < to; at += 1) crc = CRC8[crc ^ (bytes[at] ?? 0)] ?? 0;
  return crc;
};

/** Of a whole FLAC frame. */
export const crc16 = (bytes: Uint8Array, from: number, to: number): number => {
  let crc = 0;
  for (let at = from; at < to; at += 1) {
    crc = ((crc << 8) & 0xffff) ^ (CRC16[(crc >>> 8) ^ (bytes[at] ?? 0)] ?? 0);
  }
  return crc;
};

/** Of an Ogg page whose own checksum field is zero. */
export const crc32Ogg = (bytes: Uint8Array): number => {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC32[(crc >>> 24) ^ byte] ?? 0);
  return crc >>> 0;
};
