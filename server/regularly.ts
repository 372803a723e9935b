import type { Logger } from 'pino';

/** Does something every so often, never twice at the same time, until it is told to stop. It keeps no process alive. */
export const regularly = (everyMs: number, work: () => Promise<unknown>, logger: Logger) => {
  let running: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.error({ err: error }, 'work that is done regularly failed; it is tried again next time');
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= once();
  }, everyMs).unref();
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
};
