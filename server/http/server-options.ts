import { type FastifyServerOptions, LogController } from 'fastify';
import type { Services } from '../services.ts';
import { answer, answerOnSocket } from './errors.ts';

/** A kept-alive connection that nothing happens on is closed after this time; so is one that never says anything. */
const IDLE_MS = 75_000;
/** What anybody may send, signed in or not: e-mail and password, or a refresh token. Every other limit is wider. */
const BODY_LIMIT = 16 * 1024;
/** Signed addresses are long. */
const MAX_PARAM_LENGTH = 4096;

export const serverOptions = (services: Services) =>
  ({
    // Requests are logged by their route, without the tokens in their addresses.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    bodyLimit: BODY_LIMIT,
    trustProxy: services.settings.trustProxy.length === 0 ? false : [...services.settings.trustProxy],
    exposeHeadRoutes: false,
    keepAliveTimeout: IDLE_MS,
    connectionTimeout: 2 * IDLE_MS,
    // A large upload may take hours; the body watch ends those that stand still.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => void answer(services, request, reply, error),
    clientErrorHandler: (error, socket) => {
      services.logger.info({ code: error.code }, 'a request that is no HTTP was refused');
      if (error.code === 'ECONNRESET') socket.destroy();
      else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
        answerOnSocket(socket, 'request_timeout', 'The request did not arrive in time.');
      } else answerOnSocket(socket, 'invalid_request', 'This is not a request that is understood.');
    },
  }) satisfies FastifyServerOptions;
