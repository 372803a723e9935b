import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { testFolder } from './test-folder.ts';

/** Why a test that mounts something is skipped. */
export const NO_MOUNTS = 'mounting a file system needs root';

export interface Mounted {
  /** At once, also where files are in use; they stay open then, as on a share that was let go of. */
  readonly unmount: () => void;
}

/** A disk of its own, in memory, so many megabytes large. Undefined where nothing can be mounted here. */
export const smallDisk = (megabytes: number): string | undefined => {
  const folder = testFolder('disk');
  return mount(folder, ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs']) === undefined
    ? undefined
    : folder;
};

/** Shows one folder at the place of another, over whatever lies there. Only where {@link smallDisk} could be made. */
export const mountAt = (place: string, folder: string, access: 'read-write' | 'read-only'): Mounted => {
  const mounted = mount(place, ['--bind', folder]);
  if (mounted === undefined) throw new Error(`${folder} cannot be mounted at ${place}`);
  if (access === 'read-only') execFileSync('mount', ['-o', 'remount,bind,ro', place]);
  return mounted;
};

/** Until the test is over at the latest. */
const mount = (place: string, what: readonly string[]): Mounted | undefined => {
  try {
    execFileSync('mount', [...what, place], { stdio: 'ignore' });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
  let isMounted = true;
  const unmount = (): void => {
    if (isMounted) execFileSync('umount', ['-l', place]);
    isMounted = false;
  };
  onTestFinished(unmount);
  return { unmount };
};
