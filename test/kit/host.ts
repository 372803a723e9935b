import { onTestFinished } from 'vitest';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { memorySecrets, type Secrets } from '../../src-main/engine/archive/secrets.ts';
import { systemClock } from '../../src-main/engine/clock.ts';
import type { Calls } from '../../src-main/engine/host/calls.ts';
import { type Host, openHost } from '../../src-main/engine/host/host.ts';
import { noProbe } from '../../src-main/engine/kill-points.ts';
import { archiveFolderIn, openerOfArchiveHere } from '../../src-main/shell/archive-here.ts';
import { nodeLaunch } from '../../src-main/headless/launch.ts';
import { createFolders } from '../../src-main/shell/folders.ts';
import { testFolder } from './test-folder.ts';
import { waitFor, type WaitOptions } from './wait-for.ts';

export interface HostWishes {
  readonly dataFolder?: string;
  readonly roots?: readonly string[];
  readonly password?: string;
  readonly secrets?: Secrets;
  /** What must stay free on the disk of the archive on this computer. */
  readonly reserveBytes?: () => number;
}

export interface TestHost extends Host {
  readonly dataFolder: string;
  /** What should not have happened. */
  readonly faults: readonly unknown[];
}

/** A host as the command line puts it together, in this process. Closed when the test is over. */
export const openTestHost = async (wishes: HostWishes = {}): Promise<TestHost> => {
  const { dataFolder = testFolder('data'), reserveBytes = () => 0 } = wishes;
  const faults: unknown[] = [];
  const host = await openHost({
    dataFolder,
    who: 'a test',
    launch: nodeLaunch,
    userAgent: 'Ledgerline/test',
    clock: systemClock,
    probe: noProbe,
    openHere: (http, place) => openerOfArchiveHere(dataFolder, nodeLaunch, reserveBytes())(http, place),
    archiveFolder: archiveFolderIn(dataFolder),
    get reserveBytes() {
      return reserveBytes();
    },
    folders: createFolders(wishes.roots ?? [testFolder('root')]),
    passwordOf: () => wishes.password,
    secrets: wishes.secrets ?? memorySecrets(),
    onNotice: () => undefined,
    onFault: (error) => void faults.push(error),
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= host.close());
  onTestFinished(close);
  return { ...host, dataFolder, faults, close };
};

type Call = <N extends CallName & keyof Calls>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

/** Calls that are not answered by the wire, for {@link refOf}. */
export const callsOf =
  ({ calls }: Pick<Host, 'calls'>): Call =>
  async (name, input) =>
    // The name and its input were given together.
    (calls[name] as (given: unknown) => unknown)(input) as CallOutput<typeof name>;

/** Goes down from the places to begin at, by names; the reference of the last one. */
export const refOf = async (call: Call, ...names: readonly string[]): Promise<string> => {
  let ref: string | null = null;
  for (const name of names) {
    const browsed: CallOutput<'browse'> = await call('browse', ref);
    const next = browsed.folders.find((folder) => folder.name === name);
    if (next === undefined) throw new Error(`${name} is not among ${JSON.stringify(browsed.folders)}`);
    ref = next.ref;
  }
  if (ref === null) throw new Error('no folder was named');
  return ref;
};

/** The first state from now on for which that holds, the current one included. */
export const sees = (
  { calls }: Pick<Host, 'calls'>,
  what: string,
  check: (state: PageState) => boolean,
  options?: WaitOptions,
): Promise<PageState> =>
  waitFor(
    what,
    async () => {
      const state = await calls.state(null);
      return check(state) ? state : undefined;
    },
    { timeoutMs: 60_000, ...options },
  );
