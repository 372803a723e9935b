import type { RunSnapshot } from '../../../shared/run.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { SignedOutError } from '../archive/errors.ts';
import type { Clock } from '../clock.ts';
import { backoffMs } from '../transfer/backoff.ts';
import { createWakeup } from '../wakeup.ts';
import type { BegunRun } from './begin-run.ts';
import type { Reached } from './reached.ts';
import { passesByItself } from './troubles.ts';
import type { Wish } from './wish.ts';

/** How the work stands between a person's wish and a run. */
export type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  /** The archive cannot be reached; asked again then, ms since 1970. */
  | { readonly kind: 'offline'; readonly message: string; readonly nextTry: number }
  | { readonly kind: 'running'; readonly snapshot: () => RunSnapshot };

/** Sees to it that the run is the one that is wished for, for as long as the program lives. */
export interface Driver {
  readonly phase: () => Phase;
  /** What ended the work until somebody does something about it. */
  readonly error: () => unknown;
  /** That a person did something about it, or wishes something else: looks at once. */
  readonly nudge: () => void;
  readonly forgive: () => void;
  /** Something outside of the run went wrong in a way that ends it. */
  readonly fail: (error: unknown) => void;
  /** The run under way reads the settings again. */
  readonly reconsider: () => void;
  /** An archive that was reached for this wish already. */
  readonly offer: (wish: Pick<Wish, 'archive' | 'signIn'>, reached: Reached) => void;
  /** The archive that was reached last, and whether we are in touch with it still. */
  readonly reached: () => { readonly connection: ArchiveConnection; readonly isOpen: boolean } | undefined;
  /** Does this while nothing runs and no archive is open. */
  readonly undisturbed: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The longest that a changed wish goes unseen: somebody else may have left a message in the inbox. */
const LOOK_MS = 1_000;
/** What is under way may finish for so long when folders or archive change. */
const PATIENCE_MS = 10_000;
/** And for so long when the program ends. */
const CLOSING_MS = 3_000;

export const createDriver = (deps: {
  readonly clock: Clock;
  /** What is wished for now; undefined: nothing. Also obeys the inbox where no run does. */
  readonly wished: (isRunning: boolean) => Promise<Wish | undefined>;
  readonly reach: (wish: Wish) => Promise<Reached>;
  readonly begin: (wish: Wish, reached: Reached) => Promise<BegunRun>;
  /** Opens the ledger anew where it is damaged or gone. Resolves to what a person should be told; undefined: it is well. */
  readonly mend: (error: unknown) => Promise<unknown>;
  /** What ended the work, for a log. */
  readonly onFailure: (error: unknown) => void;
}): Driver => {
  const { clock } = deps;
  const { wake, wait } = createWakeup(clock);
  let phase: Phase = { kind: 'idle' };
  let failure: { readonly error: unknown } | undefined;
  let current: BegunRun | undefined;
  let held: { readonly key: string; readonly reached: Reached } | undefined;
  let last: Reached | undefined;
  let closing = false;
  let tries = 0;
  /** Met outside of the loop, which has yet to see to it. */
  let met: { readonly error: unknown } | undefined;
  /** Those who want to work undisturbed wait for their turn here. */
  const waiting: (() => Promise<void>)[] = [];

  const hold = (key: string, reached: Reached): void => {
    held = { key, reached };
    last = reached;
  };
  const letGo = async (): Promise<void> => {
    const { reached } = held ?? {};
    held = undefined;
    await reached?.close();
  };

  const reachFor = async (wish: Wish): Promise<Reached> => {
    const key = keyOf(wish);
    if (held?.key === key) return held.reached;
    await letGo();
    const reached = await deps.reach(wish);
    hold(key, reached);
    return reached;
  };

  const wishNow = async (): Promise<Wish | undefined> => {
    const wish = await deps.wished(current !== undefined);
    return (failure ?? met) === undefined && waiting.length === 0 && !closing ? wish : undefined;
  };

  /** Until it ends by itself or is not the one that is wished for any more. */
  const follow = async (wish: Wish, { run, close }: BegunRun): Promise<void> => {
    let ended = false;
    const done = run.done.finally(() => {
      ended = true;
      wake();
    });
    // It is awaited below; until then its failure is nobody's unhandled rejection.
    done.catch(() => undefined);
    try {
      while (!ended && isSame(await wishNow(), wish)) await wait(LOOK_MS);
      if (!ended) {
        run.drain();
        const patience = new AbortController();
        void clock.sleep(closing ? CLOSING_MS : PATIENCE_MS, patience.signal).then(() => ended || run.stop());
        await done.finally(() => patience.abort());
      }
      await done;
    } finally {
      if (!ended) run.stop();
      await done.catch(() => undefined);
      await close();
    }
  };

  const work = async (wish: Wish): Promise<void> => {
    phase = { kind: 'connecting' };
    const reached = await reachFor(wish);
    current = await deps.begin(wish, reached);
    tries = 0;
    phase = { kind: 'running', snapshot: current.run.snapshot };
    try {
      await follow(wish, current);
    } finally {
      current = undefined;
    }
  };

  /** Waits for the archive to come back, or for another wish. */
  const bide = async (wish: Wish, message: string): Promise<void> => {
    tries += 1;
    const pause = backoffMs(tries, Math.random());
    const until = clock.monotonic() + pause;
    phase = { kind: 'offline', message: `${message} It continues by itself.`, nextTry: clock.now() + pause };
    while (clock.monotonic() < until && isSame(await wishNow(), wish))
      await wait(Math.max(0, Math.min(LOOK_MS, until - clock.monotonic())));
  };

  const failOn = async (error: unknown): Promise<void> => {
    const first = failure ?? { error };
    deps.onFailure(error);
    phase = { kind: 'idle' };
    await letGo();
    const told = await deps.mend(error);
    // Not before: who reads it and presses Start finds a ledger that works.
    failure = told === undefined ? first : { error: told };
  };

  const turn = async (): Promise<void> => {
    if (met !== undefined) {
      const { error } = met;
      met = undefined;
      throw error;
    }
    const next = waiting.shift();
    if (next !== undefined) {
      phase = { kind: 'idle' };
      await letGo();
      return next();
    }
    const wish = await wishNow();
    if (wish === undefined) {
      phase = { kind: 'idle' };
      if (waiting.length === 0 && !closing) await wait(LOOK_MS);
      return;
    }
    try {
      await work(wish);
    } catch (error) {
      if (!passesByItself(error)) throw error;
      await letGo();
      await bide(wish, error.message);
    }
  };

  const loop = async (): Promise<void> => {
    while (!closing || waiting.length > 0) {
      try {
        await turn();
      } catch (error) {
        await failOn(error).catch((worse: unknown) => (failure = { error: worse }));
        // What failed at once may do so again at once.
        if (!closing && waiting.length === 0) await wait(LOOK_MS);
      }
    }
    await letGo();
  };
  const looping = loop();

  return {
    phase: () => phase,
    error: () => (failure ?? met)?.error,
    nudge: wake,
    forgive: () => {
      failure = undefined;
      wake();
    },
    fail: (error) => {
      if (failure === undefined) met ??= { error };
      wake();
    },
    reconsider: () => {
      current?.run.reconsider();
      wake();
    },
    offer: (wish, reached) => hold(keyOf(wish), reached),
    reached: () =>
      last === undefined ? undefined : { connection: last.connection, isOpen: held?.reached === last },
    undisturbed: (task) =>
      new Promise((resolve, reject) => {
        waiting.push(() => task().then(resolve, reject));
        wake();
      }),
    close: async () => {
      closing = true;
      wake();
      await looping;
    },
  };
};

const keyOf = ({ archive, signIn }: Pick<Wish, 'archive' | 'signIn'>): string =>
  JSON.stringify([archive, signIn]);

const isSame = (one: Wish | undefined, other: Wish): boolean =>
  one !== undefined &&
  keyOf(one) === keyOf(other) &&
  one.libraries.length === other.libraries.length &&
  one.libraries.every(({ id }, i) => id === other.libraries[i]?.id);

/** Nobody can sign in for the person: the password is not kept. */
export const signedOut = (url: string): SignedOutError =>
  new SignedOutError(url, 'no log-in was kept that can still be used.');
