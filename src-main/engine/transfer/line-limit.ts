import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';

/** Shares a line's limit among all uploads. */
export interface LineLimit {
  /** The body, at a pace that keeps all of them together within the limit, also when that changes on the way. */
  readonly pace: (body: Uint8Array | Readable, signal: AbortSignal) => Uint8Array | Readable;
}

/** Small enough that twenty uploads at a slow pace all keep moving. */
const SLICE_BYTES = 16 * 1024;

/** @param limit bytes a second, asked before each slice; null: none */
export const createLineLimit = (
  { monotonic, sleep }: Pick<Clock, 'monotonic' | 'sleep'>,
  limit: () => number | null,
): LineLimit => {
  /** When the line has carried all that was given to it, by the monotonic clock. */
  let carried = 0;

  const take = async (bytes: number, signal: AbortSignal): Promise<void> => {
    const perSecond = limit();
    if (perSecond === null) return;
    const now = monotonic();
    const start = Math.max(now, carried);
    carried = start + (bytes / perSecond) * 1000;
    if (start > now) await sleep(start - now, signal);
  };

  async function* paced(
    body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length;) {
        const length = limit() === null ? chunk.length - at : Math.min(SLICE_BYTES, chunk.length - at);
        await take(length, signal);
        yield chunk.subarray(at, at + length);
        at += length;
      }
    }
  }

  return {
    pace: (body, signal) => {
      // Bytes in memory are small, and gone before anybody could set a limit on them.
      if (body instanceof Uint8Array && limit() === null) return body;
      const chunks = body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>);
      return Readable.from(paced(chunks, signal), { objectMode: false, highWaterMark: SLICE_BYTES });
    },
  };
};
