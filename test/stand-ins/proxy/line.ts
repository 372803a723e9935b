import { setTimeout as sleep } from 'node:timers/promises';

/** Paces bytes. Everyone who passes bytes through the same one shares its rate. */
export class Line {
  readonly #bytesPerSecond: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    if (!(bytesPerSecond > 0)) throw new RangeError('bytesPerSecond must be above 0');
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** What goes at once; ten pieces a second are smooth enough. */
  get pieceBytes(): number {
    return Math.max(1, Math.floor(this.#bytesPerSecond / 10));
  }

  async pass(bytes: number): Promise<void> {
    const start = Math.max(performance.now(), this.#freeAt);
    this.#freeAt = start + (bytes * 1000) / this.#bytesPerSecond;
    await sleep(Math.max(0, this.#freeAt - performance.now()));
  }
}

/** What all bytes of the proxy go through: frozen or not, limited or not, as it is at the moment. */
export class Network {
  #line: Line | undefined;
  #thawed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  setBandwidth(bytesPerSecond: number | undefined): void {
    this.#line = bytesPerSecond === undefined ? undefined : new Line(bytesPerSecond);
  }

  freeze(): void {
    this.#thawed ??= Promise.withResolvers<void>();
  }

  thaw(): void {
    this.#thawed?.resolve();
    this.#thawed = undefined;
  }

  async whenThawed(): Promise<void> {
    while (this.#thawed !== undefined) await this.#thawed.promise;
  }

  /** Cuts a chunk into pieces and hands out each when its time has come, on `own` line too where there is one. */
  async *pieces(chunk: Buffer, own: Line | undefined): AsyncGenerator<Buffer> {
    for (let at = 0; at < chunk.length;) {
      await this.whenThawed();
      const lines = [this.#line, own].filter((line) => line !== undefined);
      const length = Math.min(chunk.length - at, ...lines.map((line) => line.pieceBytes));
      await Promise.all(lines.map((line) => line.pass(length)));
      await this.whenThawed();
      yield chunk.subarray(at, at + length);
      at += length;
    }
  }
}
