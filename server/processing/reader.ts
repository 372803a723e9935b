import type { HelperProcess, Launch } from '../../shared/launch.ts';
import { type Media, readAnswerSchema } from './messages.ts';

export type ReadResult =
  | { readonly kind: 'read'; readonly media: Media }
  /** The file itself is to blame. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The helper ended; the file may or may not be to blame. */
  | { readonly kind: 'died' };

export interface MediaReader {
  /** One file at a time: the next call may come when this one has resolved. */
  read(path: string): Promise<ReadResult>;
  /** Ends the helper. The next read starts another one. */
  stop(): void;
}

interface Limits {
  readonly heapMiB: number;
  readonly timeoutSeconds: number;
}

/** Reads files in a process of its own, which is started when there is work and replaced when it hangs or dies. */
export const createMediaReader = (launch: Launch, { heapMiB, timeoutSeconds }: Limits): MediaReader => {
  let helper: HelperProcess | undefined;
  let jobs = 0;
  let current: { readonly job: number; readonly settle: (result: ReadResult) => void } | undefined;

  const settle = (result: ReadResult): void => {
    const ended = current;
    current = undefined;
    ended?.settle(result);
  };

  const start = (): HelperProcess => {
    const started = launch.process('read-media', { heapMiB });
    started.onMessage((message) => {
      const answer = readAnswerSchema.safeParse(message);
      if (started !== helper || current === undefined) return;
      if (!answer.success || answer.data.job !== current.job) {
        stop();
        settle({ kind: 'unreadable', reason: 'The reader of tags gave an answer that makes no sense.' });
      } else if ('media' in answer.data) settle({ kind: 'read', media: answer.data.media });
      else settle({ kind: 'unreadable', reason: answer.data.reason });
    });
    started.onExit(() => {
      if (started !== helper) return;
      helper = undefined;
      settle({ kind: 'died' });
    });
    return started;
  };

  const stop = (): void => {
    const stopped = helper;
    helper = undefined;
    stopped?.kill();
  };

  return {
    read: (path) =>
      new Promise<ReadResult>((resolve) => {
        jobs += 1;
        const job = jobs;
        const timer = setTimeout(() => {
          stop();
          settle({
            kind: 'unreadable',
            reason: `Reading the tags took longer than ${timeoutSeconds} seconds.`,
          });
        }, timeoutSeconds * 1000);
        current = {
          job,
          settle: (result) => {
            clearTimeout(timer);
            resolve(result);
          },
        };
        helper ??= start();
        helper.send({ job, path });
      }),
    stop() {
      stop();
      settle({ kind: 'died' });
    },
  };
};
