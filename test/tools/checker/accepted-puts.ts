import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A PUT that the archive took, from its log. */
export interface AcceptedPut {
  readonly blobId: number;
  readonly ownerId: number;
  readonly sha256: string;
  readonly byteSize: number;
  /** When its bytes were stored, ms since 1970. */
  readonly at: number;
}

/** Every PUT that the archive took, in their order. A line that was torn by a death stands for no answer. */
export const readAcceptedPuts = async (log: string): Promise<readonly AcceptedPut[]> => {
  const puts: AcceptedPut[] = [];
  if (!existsSync(log)) return puts;
  for await (const line of createInterface({ input: createReadStream(log), crlfDelay: Infinity })) {
    const put = acceptedPut(line);
    if (put !== undefined) puts.push(put);
  }
  return puts;
};

export const acceptedPut = (line: string): AcceptedPut | undefined => {
  if (!line.includes('"bytes_stored"')) return undefined;
  const entry = parsed(line);
  if (entry?.['audit'] !== 'bytes_stored') return undefined;
  return {
    blobId: Number(entry['blob']),
    ownerId: Number(entry['user']),
    sha256: String(entry['sha256']),
    byteSize: Number(entry['byte_size']),
    at: Date.parse(String(entry['time'])),
  };
};

const parsed = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
