/** The building blocks of binary files: each returns new bytes. `be` is big-endian, `le` little-endian. */

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
export const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

export const u16be = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

export const u24be = (value: number): Buffer => {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
};

export const u32be = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const u16le = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

export const u32le = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** A chunk of an IFF file (AIFF): id, length, body, padded to an even length. */
export const iffChunk = (id: string, body: Buffer): Buffer => chunk(id, u32be(body.length), body);

/** The same in a RIFF file (WAV), whose lengths are little-endian. */
export const riffChunk = (id: string, body: Buffer): Buffer => chunk(id, u32le(body.length), body);

const chunk = (id: string, length: Buffer, body: Buffer): Buffer =>
  Buffer.concat([ascii(id), length, body, Buffer.alloc(body.length % 2)]);
