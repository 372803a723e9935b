import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import got, { type Got, RequestError } from 'got';
import { UnreachableError } from './errors.ts';

/** An archive's JSON answer may be this long; a song list of 200 is far below. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Some archives close idle connections after 20 s without a word: ours are dropped well before. */
const IDLE_SOCKET_MS = 10_000;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Http {
  /** A request of the archive's API; any status is an answer. @throws UnreachableError */
  readonly api: (request: ApiRequest) => Promise<HttpAnswer>;
  readonly got: Got;
  /** Drops every connection: after sleep they are dead without knowing it. */
  readonly dropConnections: () => void;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly bearer?: string | undefined;
  readonly json?: unknown;
}

/** Free sockets get a short time to live, busy ones keep the time limit of their request. */
const shortIdle = <A extends HttpAgent>(agent: A): A => {
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean;
  agent.keepSocketAlive = (socket: Duplex): boolean => {
    const kept = keep(socket);
    if ('setTimeout' in socket && typeof socket.setTimeout === 'function') socket.setTimeout(IDLE_SOCKET_MS);
    return kept;
  };
  return agent;
};

/** One HTTP client for API and uploads: no redirects, no retries of its own, answers capped. */
export const createHttp = (userAgent: string): Http => {
  const agents = () => ({
    http: shortIdle(new HttpAgent({ keepAlive: true })),
    https: shortIdle(new HttpsAgent({ keepAlive: true })),
  });
  let agent = agents();
  const client = got.extend({
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    headers: { 'user-agent': userAgent },
    timeout: { lookup: 10_000, connect: 10_000, secureConnect: 15_000, socket: 60_000 },
    hooks: { init: [(_raw, options) => void (options.agent = agent)] },
  });
  return {
    got: client,
    api: ({ method, url, bearer, json }) => callApi(client, method, url, bearer, json),
    dropConnections: () => {
      agent.http.destroy();
      agent.https.destroy();
      agent = agents();
    },
  };
};

const callApi = async (
  client: Got,
  method: 'GET' | 'POST',
  url: string,
  bearer: string | undefined,
  json: unknown,
): Promise<HttpAnswer> => {
  const tooLong = new AbortController();
  const request = client(url, {
    method,
    signal: tooLong.signal,
    headers: {
      accept: 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(json === undefined ? {} : { json }),
    responseType: 'text',
    // An answer that trickles is no answer; a batch that the archive has to think about may take its time.
    timeout: { response: 60_000, request: 120_000 },
  });
  void request.on('downloadProgress', ({ transferred }) => {
    if (transferred > MAX_ANSWER_BYTES) tooLong.abort();
  });
  try {
    const { statusCode, headers, body } = await request;
    return { status: statusCode, headers, body };
  } catch (error) {
    throw asUnreachable(new URL(url).origin, error);
  }
};

/** What got throws, told without the address it was thrown for (upload addresses are secrets). */
export const asUnreachable = (origin: string, error: unknown): unknown => {
  if (!(error instanceof RequestError)) return error;
  return new UnreachableError(
    origin,
    wordsFor(error.code),
    { code: error.code },
    NO_CONNECTION.has(error.code),
  );
};

const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

const wordsFor = (code: string): string => {
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name is not found';
    case 'ETIMEDOUT':
      return 'no answer in time';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'the connection broke';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return 'no network';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'it does not speak https; try http:// if that is right';
    case 'ERR_ABORTED':
      return 'its answer was too long';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_HAS_EXPIRED':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not trusted: ${code}`;
    default:
      return code;
  }
};
