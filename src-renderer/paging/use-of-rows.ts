import { useSyncExternalStore } from 'react';
import type { RowStore } from './row-store.ts';

const nothingToHear = (): (() => void) => () => undefined;

/** Something that is read from the rows; only whoever reads what changed is drawn anew. */
export const useOfRows = <T extends string | number | null>(
  rows: Pick<RowStore<unknown>, 'listen'> | undefined,
  read: () => T,
): T => useSyncExternalStore(rows?.listen ?? nothingToHear, read);
