import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { testFolder } from './test-folder.ts';

/** Why a test that mounts something is skipped. */
export const NO_MOUNTS = 'mounting a file system needs root';
export const NO_FUSE = 'a share that dies needs root and /dev/fuse';

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

/**
 * A share whose other end has died, over whatever lies there: each access fails with ENOTCONN, as with an sshfs or an
 * ntfs-3g that crashed. Undefined where there is no FUSE, or nothing can be mounted here.
 */
export const deadShareAt = (place: string): Mounted | undefined =>
  mountedBy(place, () => {
    // The driver's end is closed as soon as the shell has done its work.
    const script = 'exec 3<>/dev/fuse && exec mount -i -t fuse -o "$1" dead "$0"';
    const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
    execFileSync('sh', ['-c', script, place, options], { stdio: 'ignore' });
  });

const mount = (place: string, what: readonly string[]): Mounted | undefined =>
  mountedBy(place, () => execFileSync('mount', [...what, place], { stdio: 'ignore' }));

/** Until the test is over at the latest. */
const mountedBy = (place: string, doIt: () => void): Mounted | undefined => {
  try {
    doIt();
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
