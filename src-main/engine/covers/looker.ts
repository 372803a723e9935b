import type { HelperProcess, Launch } from '../../../shared/launch.ts';
import { type LookAnswer, lookAnswerSchema, type LookRequest } from './messages.ts';

/** `broken`: the helper died or hung over it. */
export type Look = LookAnswer | { readonly kind: 'broken' };

export interface Looker {
  /** One at a time: the next call may come when this one has resolved. */
  readonly look: (wanted: Omit<LookRequest, 'job'>) => Promise<Look>;
  /** Ends the helper. The next look starts another one. */
  readonly stop: () => void;
}

const HEAP_MIB = 192;

/** Looks for covers in a process of its own, which is started when there is work and replaced when it hangs or dies. */
export const createLooker = (launch: Launch, timeoutMs: number): Looker => {
  let helper: HelperProcess | undefined;
  let jobs = 0;
  let current: { readonly job: number; readonly settle: (look: Look) => void } | undefined;

  const settle = (look: Look): void => {
    const ended = current;
    current = undefined;
    ended?.settle(look);
  };
  const stop = (): void => {
    const stopped = helper;
    helper = undefined;
    stopped?.kill();
    settle({ kind: 'broken' });
  };
  const start = (): HelperProcess => {
    const started = launch.process('cover', { heapMiB: HEAP_MIB });
    started.onMessage((message) => {
      if (started !== helper || current === undefined) return;
      const { data } = lookAnswerSchema.safeParse(message);
      // An answer that makes no sense comes from a helper that is not ours any more.
      if (data?.job === current.job) settle(data);
      else stop();
    });
    started.onExit(() => {
      if (started !== helper) return;
      helper = undefined;
      settle({ kind: 'broken' });
    });
    return started;
  };

  return {
    look: (wanted) =>
      new Promise((resolve) => {
        jobs += 1;
        const job = jobs;
        const timer = setTimeout(stop, timeoutMs);
        current = {
          job,
          settle: (look) => {
            clearTimeout(timer);
            resolve(look);
          },
        };
        helper ??= start();
        helper.send({ job, ...wanted });
      }),
    stop,
  };
};
