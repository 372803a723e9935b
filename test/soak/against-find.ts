import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

/** Seconds that `find` takes to list size and time of everything; undefined where there is no GNU find. */
export const secondsOfFind = (library: string): number | undefined => {
  const nothing = openSync('/dev/null', 'w');
  try {
    const started = performance.now();
    const { status } = spawnSync('find', [library, '-type', 'f', '-printf', '%s %T@\\n'], {
      stdio: ['ignore', nothing, 'ignore'],
    });
    return status === 0 ? (performance.now() - started) / 1000 : undefined;
  } finally {
    closeSync(nothing);
  }
};
