import type { Io, StopSignal } from './io.ts';

/** What a signal asks for, by how long ago the first one came. */
export const meaningOf = (
  signal: StopSignal,
  msSinceFirst: number | undefined,
): 'drain' | 'stop' | undefined => {
  if (msSinceFirst === undefined) return 'drain';
  // Only a person at the keyboard asks twice; and npm passes on what the terminal has delivered already.
  return signal === 'SIGINT' && msSinceFirst > ECHO_MS ? 'stop' : undefined;
};

const ECHO_MS = 500;

/** Listens to Ctrl-C and its like until the answer is called. A third Ctrl-C ends the process on the spot. */
export const listenForStop = (
  io: Pick<Io, 'onSignal'>,
  actions: { readonly drain: () => void; readonly stop: () => void; readonly endProcess: () => void },
  monotonic: () => number = () => performance.now(),
): (() => void) => {
  let first: number | undefined;
  let stoppedAt: number | undefined;
  return io.onSignal((signal) => {
    const now = monotonic();
    const since = stoppedAt ?? first;
    const meaning = meaningOf(signal, since === undefined ? undefined : now - since);
    if (meaning === undefined) return;
    if (meaning === 'drain') {
      first = now;
      actions.drain();
    } else if (stoppedAt === undefined) {
      stoppedAt = now;
      actions.stop();
    } else actions.endProcess();
  });
};
