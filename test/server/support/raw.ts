import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request exactly as told: fetch would add, correct or refuse some of what these tests send. */
export const rawRequest = (
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Buffer | string;
    /** Sent without its length, in chunks. */
    readonly chunked?: boolean;
    /** Called after half of the body was sent and has arrived. */
    readonly half?: () => void;
  } = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, chunked = false, half } = options;
    const length = body === undefined ? 0 : Buffer.byteLength(body);
    const request = httpRequest(
      url,
      {
        method,
        agent: false,
        headers: { ...(chunked || body === undefined ? {} : { 'content-length': length }), ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    if (chunked && body !== undefined) request.write(body);
    if (half === undefined || body === undefined) {
      request.end(chunked ? undefined : body);
      return;
    }
    const bytes = Buffer.from(body);
    const middle = bytes.length >> 1;
    request.write(bytes.subarray(0, middle));
    setTimeout(() => {
      half();
      request.end(bytes.subarray(middle));
    }, 200);
  });

/** Writes these bytes to the server and gives back everything it says until it closes (or the time is up). */
export const rawSocket = (url: string, bytes: string, waitMs = 5000): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let said = '';
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
    socket.on('error', (error) => (said === '' ? reject(error) : undefined));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(said);
    });
    socket.write(bytes, 'latin1');
  });
