import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { acceptedPut } from '../tools/checker/accepted-puts.ts';

export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly byteSize: number;
}

/** What has arrived in an archive so far, read from its log as that grows. */
export interface Arrivals {
  /** In their order, up to now. */
  readonly read: () => readonly Arrival[];
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export const followArrivals = (log: string): Arrivals => {
  const arrivals: Arrival[] = [];
  let position = 0;
  let rest = Buffer.alloc(0);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);

  const take = (bytes: Buffer): void => {
    rest = Buffer.concat([rest, bytes]);
    const end = rest.lastIndexOf(NEWLINE);
    if (end === -1) return;
    for (const line of rest.subarray(0, end).toString('utf8').split('\n')) {
      const put = acceptedPut(line);
      if (put !== undefined) arrivals.push({ at: put.at, byteSize: put.byteSize });
    }
    rest = Buffer.from(rest.subarray(end + 1));
  };

  return {
    read: () => {
      if (!existsSync(log)) return arrivals;
      const file = openSync(log, 'r');
      try {
        for (let read = -1; read !== 0; position += read) {
          read = readSync(file, chunk, 0, chunk.length, position);
          take(chunk.subarray(0, read));
        }
      } finally {
        closeSync(file);
      }
      return arrivals;
    },
  };
};

/** Files and bytes a second while a stretch of the work went through; undefined where it was too short to tell. */
export const paceBetween = (
  arrivals: readonly Arrival[],
  from: number,
  to: number,
):
  | { readonly filesPerSecond: number; readonly bytesPerSecond: number; readonly files: number }
  | undefined => {
  const stretch = arrivals.slice(from, to);
  const [first] = stretch;
  const last = stretch.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  const seconds = (last.at - first.at) / 1000;
  const bytes = stretch.reduce((sum, { byteSize }) => sum + byteSize, 0);
  return {
    files: stretch.length,
    filesPerSecond: (stretch.length - 1) / seconds,
    bytesPerSecond: bytes / seconds,
  };
};
