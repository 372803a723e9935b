import { existsSync, readFileSync } from 'node:fs';

/** The most memory that processes have had resident at once, each by itself, in bytes. */
export interface MemoryWatch {
  /** From now on also this process and those that it starts. */
  readonly watch: (role: string, pid: number) => void;
  /** The largest seen for each role; a role's helper processes are `<role>'s helper`. */
  readonly peaks: () => ReadonlyMap<string, number>;
  readonly stop: () => void;
}

const EVERY_MS = 250;

/** Reads what Linux tells in /proc; elsewhere nothing is seen, and the peaks stay empty. */
export const watchMemory = (): MemoryWatch => {
  const peaks = new Map<string, number>();
  const watched = new Map<number, string>();
  const note = (role: string, pid: number): boolean => {
    const status = readIfThere(`/proc/${pid}/status`);
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
    if (kilobytes === undefined) return false;
    peaks.set(role, Math.max(peaks.get(role) ?? 0, Number(kilobytes) * 1024));
    return true;
  };
  const look = (): void => {
    for (const [pid, role] of watched) {
      for (const helper of childrenOf(pid)) note(`${role}'s helper`, helper);
      if (!note(role, pid)) watched.delete(pid);
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    watch: (role, pid) => void watched.set(pid, role),
    peaks: () => peaks,
    stop: () => clearInterval(timer),
  };
};

export const childrenOf = (pid: number): readonly number[] =>
  (readIfThere(`/proc/${pid}/task/${pid}/children`) ?? '')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);

/** Whether a process is there and has not just ended: one that nobody has collected yet counts as gone. */
export const isRunning = (pid: number): boolean => {
  const status = readIfThere(`/proc/${pid}/status`);
  return status !== undefined && !/^State:\s+[ZX]/m.test(status);
};

const readIfThere = (path: string): string | undefined => {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // It ended between the two looks.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'ENOENT'))
      return undefined;
    throw error;
  }
};
