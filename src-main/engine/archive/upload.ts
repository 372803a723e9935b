import type { Readable } from 'node:stream';
import type { Ticket } from '../../../shared/api/tickets.ts';
import { asRefusal } from './answers.ts';
import { asUnreachable, type Http } from './http.ts';
import { checkedUploadHeaders, checkedUploadUrl } from './upload-address.ts';

export interface Upload {
  readonly body: Uint8Array | Readable;
  readonly byteSize: number;
  readonly signal: AbortSignal;
  /** Bytes that left so far; called often. */
  readonly onProgress: (sent: number) => void;
}

/** After the last byte the archive may still have to write through and look over a large file. */
const ANSWER_TIME_MS = 180_000;

/**
 * Sends the bytes to the ticket's address with exactly its headers.
 * @throws UnreachableError, UnsafeAddressError, RefusedError; got's AbortError when the signal says so
 */
export const putBytes = async (http: Http, origin: string, ticket: Ticket, upload: Upload): Promise<void> => {
  const url = checkedUploadUrl(ticket.direct_upload.url, origin);
  const request = http.got(url, {
    method: 'PUT',
    headers: {
      'user-agent': undefined,
      ...checkedUploadHeaders(ticket.direct_upload.headers),
      'content-length': String(upload.byteSize),
    },
    body: upload.body,
    responseType: 'text',
    signal: upload.signal,
    // Silence on the line is all that got can time; the wait for the answer is silence too.
    timeout: { response: ANSWER_TIME_MS, socket: ANSWER_TIME_MS },
  });
  void request.on('uploadProgress', ({ transferred }) => upload.onProgress(transferred));
  let answer;
  try {
    answer = await request;
  } catch (error) {
    throw asUnreachable(url.origin, error);
  }
  if (answer.statusCode < 200 || answer.statusCode > 299)
    throw asRefusal(url.origin, { status: answer.statusCode, headers: answer.headers, body: answer.body });
};
