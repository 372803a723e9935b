import { readSync } from 'node:fs';
import { AbstractTokenizer, EndOfStreamError, type IReadChunkOptions } from 'strtok3';

const WINDOW_BYTES = 64 * 1024;

/**
 * Lets music-metadata read from an open descriptor, so that tags come from the very file that was hashed. Reads
 * synchronously (it has a thread of its own) through a window, for parsers ask for a few bytes at a time.
 */
export class FdTokenizer extends AbstractTokenizer {
  readonly fileInfo: { readonly size: number; readonly mimeType: string };
  readonly #fd: number;
  readonly #window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #windowAt = 0;
  #windowLength = 0;

  constructor(
    fd: number,
    fileInfo: { readonly size: number; readonly mimeType: string },
    maxBufferSize: number,
  ) {
    super({ maxBufferSize });
    this.#fd = fd;
    this.fileInfo = fileInfo;
  }

  override supportsRandomAccess(): boolean {
    return true;
  }

  setPosition(position: number): void {
    this.position = position;
  }

  override async readBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { position } = this.normalizeOptions(target, options);
    const bytes = await this.peekBuffer(target, options);
    this.position = position + bytes;
    return bytes;
  }

  override async peekBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { position, length, mayBeLess } = this.normalizeOptions(target, options);
    let filled = 0;
    while (filled < length) {
      const bytes = this.#readAt(target.subarray(filled, length), position + filled);
      if (bytes === 0) break;
      filled += bytes;
    }
    if (filled < length && mayBeLess !== true) throw new EndOfStreamError();
    return filled;
  }

  #readAt(target: Uint8Array, position: number): number {
    const inWindow = position - this.#windowAt;
    if (inWindow < 0 || inWindow >= this.#windowLength) {
      if (target.length >= WINDOW_BYTES) return readSync(this.#fd, target, 0, target.length, position);
      this.#windowAt = position;
      this.#windowLength = readSync(this.#fd, this.#window, 0, WINDOW_BYTES, position);
      if (this.#windowLength === 0) return 0;
      return this.#readAt(target, position);
    }
    const bytes = Math.min(target.length, this.#windowLength - inWindow);
    target.set(this.#window.subarray(inWindow, inWindow + bytes));
    return bytes;
  }
}
