import { watchLibraries } from '../library/watch.ts';
import { startRun, type Run, type RunOptions } from '../run.ts';
import type { Reached } from './reached.ts';
import type { Workplace } from './workplace.ts';

export interface BeginOptions extends Omit<
  RunOptions,
  'ledger' | 'connection' | 'fingerprinter' | 'place' | 'checkRoom'
> {
  readonly workplace: Workplace;
  readonly reached: Reached;
  /** One sentence that a person should read once. */
  readonly onNotice: (sentence: string) => void;
}

export interface BegunRun {
  readonly run: Run;
  /** Ends the watching; the run itself is ended by its own means. */
  readonly close: () => Promise<void>;
}

/** A run with this archive and, where it goes on after all is done, the watching of its libraries. */
export const beginRun = async (options: BeginOptions): Promise<BegunRun> => {
  const { workplace, reached, onNotice, ...rest } = options;
  const { connection, place, checkRoom } = reached;
  const run = await startRun({
    ...rest,
    ledger: workplace.ledger,
    fingerprinter: workplace.fingerprinter,
    connection,
    place,
    ...(checkRoom === undefined ? {} : { checkRoom }),
  });
  if (!options.watch) return { run, close: () => Promise.resolve() };
  const { libraries } = options;
  const watch = watchLibraries({ libraries, onHint: run.rescan, onLimited: onNotice });
  return { run, close: watch.close };
};
