import type { FastifyInstance } from 'fastify';

/** How many requests are being served right now. */
export interface Traffic {
  readonly requests: number;
  watch(app: FastifyInstance): void;
}

export const createTraffic = (): Traffic => {
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    watch(app) {
      app.addHook('onRequest', async (_request, reply) => {
        requests += 1;
        reply.raw.once('close', () => {
          requests -= 1;
        });
      });
    },
  };
};
