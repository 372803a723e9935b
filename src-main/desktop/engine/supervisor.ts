import { utilityProcess, type UtilityProcess } from 'electron';
import type { FromPage, Link, ToPage } from '../../../shared/bridge/bridge.ts';
import type { PageFolder } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import type { Secrets } from '../../engine/archive/secrets.ts';
import type { Clock } from '../../engine/clock.ts';
import { backoffMs } from '../../engine/transfer/backoff.ts';
import type { Power } from '../../engine/transfer/schedule.ts';
import type { EngineDeeds, EngineOptions, MainDeeds } from './deeds.ts';
import { EngineGoneError } from './gone.ts';
import { createHelpers } from './helpers.ts';
import { createLine, type Line } from './line.ts';

export interface EngineEvents {
  readonly onState: (state: PageState) => void;
  /** Whether the engine can be heard. */
  readonly onLink: (link: Link) => void;
  /** What should not have happened, for the log. */
  readonly onFault: (error: unknown) => void;
}

export interface SupervisorDeps extends EngineEvents {
  /** The built entries. */
  readonly entry: string;
  readonly helperEntry: string;
  readonly options: EngineOptions;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/** The engine in a process of its own; there again when it has died. Until then every question is refused. */
export interface Engine {
  /** When it is there for the first time. Rejects where the data folder is somebody else's, or cannot be used. */
  readonly opened: Promise<void>;
  readonly answer: (message: FromPage) => Promise<ToPage | undefined>;
  readonly offer: (path: string) => Promise<PageFolder | undefined>;
  readonly cover: (name: string, grey: boolean) => Promise<Uint8Array | undefined>;
  readonly placeOf: (track: number) => Promise<string | undefined>;
  readonly power: (power: Power) => void;
  /** Lets what is under way finish for a moment, and ends. */
  readonly close: () => Promise<void>;
}

/** Who worked for so long has not died of what its start before died of. */
const WELL_MS = 60_000;
/** Its own patience is shorter; this is for one that hangs. */
const CLOSING_MS = 20_000;

const RESTARTED =
  'The part of Ledgerline that does the archiving stopped unexpectedly. It was started again and went on where it was.';

export const startEngine = (deps: SupervisorDeps): Engine => {
  const { clock, secrets } = deps;
  const ending = new AbortController();
  let line: Line<EngineDeeds> = goneLine();
  let child: UtilityProcess | undefined;
  let isOpen = false;
  let failures = 0;

  const begin = async (more: Pick<EngineOptions, 'firstNotice'> = {}): Promise<void> => {
    const fresh = utilityProcess.fork(deps.entry, [], {
      serviceName: 'Ledgerline engine',
      env: ENVIRONMENT,
    });
    child = fresh;
    const helpers = createHelpers(deps.helperEntry, () => mine);
    const deeds: MainDeeds = {
      state: deps.onState,
      fault: (stack) => deps.onFault(new Error(stack)),
      getSecret: secrets.get,
      setSecret: ({ name, secret }) => secrets.set(name, secret),
      forgetSecret: secrets.forget,
      forgetSecretsBut: secrets.forgetAllBut,
      ...helpers.deeds,
    };
    const mine = createLine<EngineDeeds>(
      {
        post: (message) => fresh.postMessage(message),
        onMessage: (listener) => void fresh.on('message', listener),
      },
      deeds,
      deps.onFault,
    );
    const since = clock.monotonic();
    const exited = Promise.withResolvers<never>();
    exited.promise.catch(() => undefined);
    fresh.on('exit', (code) => {
      const reason = new EngineGoneError(code);
      mine.cut(reason);
      helpers.endAll();
      exited.reject(reason);
      child = undefined;
      // Whoever was opening it is told by `exited`.
      if (!isOpen) return;
      isOpen = false;
      line = goneLine();
      deps.onLink('down');
      if (ending.signal.aborted) return;
      deps.onFault(reason);
      if (clock.monotonic() - since > WELL_MS) failures = 0;
      void again();
    });
    try {
      await Promise.race([mine.ask('open', { ...deps.options, ...more }), exited.promise]);
    } catch (error) {
      fresh.kill();
      throw error;
    }
    isOpen = true;
    line = mine;
    deps.onLink('up');
  };

  /** Until it is there, or the program ends. */
  const again = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      failures += 1;
      await clock.sleep(backoffMs(failures, Math.random()), ending.signal);
      if (ending.signal.aborted) return;
      try {
        return await begin({ firstNotice: RESTARTED });
      } catch (error) {
        if (!ending.signal.aborted) deps.onFault(error);
      }
    }
  };

  return {
    opened: begin().catch((error: unknown) => {
      if (!(error instanceof EngineGoneError)) throw error;
      if (!ending.signal.aborted) deps.onFault(error);
      return again();
    }),
    answer: (message) => line.ask('answer', message),
    offer: (path) => line.ask('offer', path),
    cover: (name, grey) => line.ask('cover', { name, grey }),
    placeOf: (track) => line.ask('placeOf', track),
    power: (power) => line.tell('power', power),
    close: async () => {
      ending.abort();
      const last = child;
      if (last === undefined) return;
      const gone = new Promise<void>((resolve) => void last.once('exit', () => resolve()));
      if (isOpen) {
        const patience = new AbortController();
        const closed = line.ask('close', undefined).catch((error: unknown) => deps.onFault(error));
        await Promise.race([closed, clock.sleep(CLOSING_MS, patience.signal)]);
        patience.abort();
      }
      last.kill();
      await gone;
    },
  };
};

/** What the command line's launcher sets for the same reasons, see scripts/lib/program.mjs. */
const ENVIRONMENT = { ...process.env, MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '16' };

/** Between two engines: every question is answered with that. */
const goneLine = (): Line<EngineDeeds> => {
  const line = createLine<EngineDeeds>(
    { post: () => undefined, onMessage: () => undefined },
    {},
    () => undefined,
  );
  line.cut(new EngineGoneError());
  return line;
};
