/** Writes numbers bit by bit into bytes that are zero before, the most significant bit first. */
export class BitWriter {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, firstBit = 0) {
    this.#bytes = bytes;
    this.#at = firstBit;
  }

  /** `width` at most 32. */
  write(value: number, width: number): this {
    for (let left = width; left > 0;) {
      const room = 8 - (this.#at & 7);
      const take = Math.min(room, left);
      const bits = (value >>> (left - take)) & (2 ** take - 1);
      const byte = this.#at >>> 3;
      this.#bytes[byte] = (this.#bytes[byte] ?? 0) | (bits << (room - take));
      this.#at += take;
      left -= take;
    }
    return this;
  }
}
