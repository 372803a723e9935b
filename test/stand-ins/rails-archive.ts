import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './rails/answers.ts';
import { handle, kindOf, withoutSecret, type RailsContext } from './rails/application.ts';
import { readBody } from './rails/body.ts';
import { createSigner } from './rails/signing.ts';
import { RailsStore } from './rails/store.ts';
import type {
  MisbehaveWhen,
  Misbehaviour,
  RailsArchive,
  RailsArchiveOptions,
  RailsRequest,
  RailsUser,
  RequestKind,
} from './rails/types.ts';

export type * from './rails/types.ts';
export * from './rails/misbehaviours.ts';

const MINUTE_MS = 60_000;

export const RAILS_MODERATOR: RailsUser = {
  email: 'moderator@example.org',
  password: 'a long old password',
  role: 'moderator',
};
export const RAILS_MEMBER: RailsUser = {
  email: 'member@example.org',
  password: 'another long password',
  role: 'member',
};

/**
 * The older Rails archive with Active Storage on its disk, as far as a client meets it, with its manners and its
 * weaknesses. State is kept in memory.
 */
export const startRailsArchive = async (options: RailsArchiveOptions = {}): Promise<RailsArchive> => {
  const now = options.now ?? Date.now;
  const store = new RailsStore(now);
  const context: RailsContext = {
    store,
    signer: createSigner(),
    settings: {
      now,
      users: options.users ?? [RAILS_MODERATOR, RAILS_MEMBER],
      ticketLifeMs: options.ticketLifeMs ?? 5 * MINUTE_MS,
      tokenLifeMs: options.tokenLifeMs ?? 60 * MINUTE_MS,
      songsTellContent: options.songsTellContent ?? false,
      keepBytes: options.keepBytes ?? true,
    },
  };
  const plans = new Plans();
  let requests: Mutable<RailsRequest>[] = [];
  let server: Server | undefined;

  const kill = async (): Promise<void> => {
    const running = server;
    if (running === undefined) return;
    server = undefined;
    const closed = once(running, 'close');
    running.close();
    running.closeAllConnections();
    await closed;
  };

  const listen = async (port: number): Promise<number> => {
    const started = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://archive.invalid');
      const kind = kindOf(request.method ?? '', url.pathname);
      const plan = plans.next(kind);
      const log: Mutable<RailsRequest> = {
        kind,
        method: request.method ?? '',
        path: withoutSecret(url.pathname),
        at: now(),
        bodyBytes: 0,
        misbehaved: plan?.do,
      };
      requests.push(log);
      serve({ context, request, response, url, plan, log, die: () => void kill() }).catch(
        (error: unknown) => {
          // A mistake of the stand-in itself must not look like a manner of the archive.
          queueMicrotask(() => {
            throw error;
          });
        },
      );
    });
    started.keepAliveTimeout = options.keepAliveMs ?? 20_000;
    started.keepAliveTimeoutBuffer = 0;
    started.requestTimeout = 0;
    started.listen(port, '127.0.0.1');
    await once(started, 'listening');
    server = started;
    return (started.address() as AddressInfo).port;
  };

  const port = await listen(options.port ?? 0);
  return {
    origin: `http://127.0.0.1:${port}`,
    songs: () => store.songs.map((song) => ({ ...song, blob: store.blob(song.blob.key) ?? song.blob })),
    blobs: () => store.blobs,
    requests: () => requests,
    counts: () => {
      const counts = { login: 0, ticket: 0, put: 0, record: 0, list: 0, other: 0 };
      for (const { kind } of requests) counts[kind] += 1;
      return counts;
    },
    putsOf: (checksum) => requests.filter((r) => r.kind === 'put' && r.checksum === checksum).length,
    forgetRequests: () => {
      requests = [];
    },
    misbehave: (kind, how, when) => plans.add(kind, how, when),
    behave: () => plans.clear(),
    forgetTokens: () => store.forgetSessions(),
    kill,
    restart: async () => {
      await kill();
      await listen(port);
    },
    stop: kill,
  };
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Misbehaviours that were asked for and did not happen yet. */
class Plans {
  #waiting: { readonly kind: RequestKind; readonly how: Misbehaviour; skip: number; times: number }[] = [];

  add(kind: RequestKind, how: Misbehaviour, { times = 1, skip = 0 }: MisbehaveWhen = {}): void {
    this.#waiting.push({ kind, how, skip, times });
  }

  clear(): void {
    this.#waiting = [];
  }

  next(kind: RequestKind): Misbehaviour | undefined {
    const plan = this.#waiting.find((waiting) => waiting.kind === kind && waiting.times > 0);
    if (plan === undefined) return undefined;
    if (plan.skip > 0) {
      plan.skip -= 1;
      return undefined;
    }
    plan.times -= 1;
    return plan.how;
  }
}

interface Exchange {
  readonly context: RailsContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly plan: Misbehaviour | undefined;
  readonly log: Mutable<RailsRequest>;
  readonly die: () => void;
}

const serve = async ({ context, request, response, url, plan, log, die }: Exchange): Promise<void> => {
  // Kept at hand: Node takes it from the request when that is destroyed.
  const { socket } = request;
  const cuts = plan?.do === 'cut-body' || plan?.do === 'die-in-body';
  const body = await readBody(request, {
    keepBytes: log.kind !== 'put' || context.settings.keepBytes,
    onProgress: (bytes) => {
      log.bodyBytes = bytes;
    },
    cutAfter: cuts ? plan.afterBytes : undefined,
  });
  if (plan?.do === 'die-in-body') die();
  else if (body.torn) socket.destroy();
  if (plan?.do === 'hang') return;
  if (plan?.do === 'answer') {
    log.status = plan.status;
    send(response, plan);
    return;
  }
  if (plan?.do === 'work-on') socket.destroy();
  if (plan?.do === 'delay' || plan?.do === 'work-on') await sleep(plan.ms);
  // A cut JSON request never reaches the application; a cut PUT has already been written to the disk.
  if (body.torn && log.kind !== 'put') return;
  const { answer, checksum } = handle(context, log.kind, request, url, body);
  log.checksum = checksum;
  if (body.torn) return;
  switch (plan?.do) {
    case 'drop-answer':
      socket.destroy();
      return;
    case 'work-on':
      return;
    case 'die-after-work':
      die();
      return;
    case 'cut-body':
    case 'die-in-body':
    case 'delay':
    case undefined:
      log.status = answer.status;
      send(response, answer);
  }
};

/** Bodies go out in chunks and without their length; the connection stays open without a word about for how long. */
const send = (response: ServerResponse, { status, headers = {}, body }: Answer): void => {
  response.removeHeader('connection');
  response.writeHead(status, headers);
  if (body !== undefined && body !== '') {
    const bytes = Buffer.from(body);
    const half = bytes.length >>> 1;
    response.write(bytes.subarray(0, half));
    response.end(bytes.subarray(half));
    return;
  }
  response.end();
};
