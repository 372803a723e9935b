import { waitFor, type WaitOptions } from './wait-for.ts';

/** Whether a process with this id is there; one that has ended and was not yet collected by its parent counts too. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};

/** Sends the signal to this one process; false when it was gone already. */
export const killProcess = (pid: number, signal: NodeJS.Signals = 'SIGKILL'): boolean => {
  if (!isAlive(pid)) return false;
  return process.kill(pid, signal);
};

export const waitForExit = async (pid: number, options?: WaitOptions): Promise<void> => {
  await waitFor(`process ${pid} to end`, () => !isAlive(pid), options);
};
