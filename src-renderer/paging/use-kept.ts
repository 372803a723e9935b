import { useCallback, useState } from 'react';

const kept = new Map<string, unknown>();

/** A state that is still there when its view is opened again, for as long as the page lives. */
export const useKept = <T>(name: string, first: T): readonly [T, (value: T) => void] => {
  // What stands under a name was put there by the same line.
  const [value, setValue] = useState(() => (kept.has(name) ? (kept.get(name) as T) : first));
  const set = useCallback(
    (next: T) => {
      kept.set(name, next);
      setValue(next);
    },
    [name],
  );
  return [value, set];
};

const offsets = new Map<string, number>();
export const keepOffset = (name: string, offset: number): void => void offsets.set(name, offset);
export const keptOffset = (name: string): number => offsets.get(name) ?? 0;
