import type { Ledger } from './ledger/ledger.ts';

/** Contents that were read for another archive, or by an earlier version of the work, are wanted here too. */
export interface Adopting {
  readonly busy: () => boolean;
  readonly start: () => void;
}

export const createAdopting = (deps: {
  readonly ledger: Ledger;
  readonly archiveId: number;
  readonly libraryIds: readonly number[];
  readonly signal: AbortSignal;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
}): Adopting => {
  const { ledger, archiveId, libraryIds, signal, wake } = deps;
  let busy = true;
  const adopt = async (): Promise<void> => {
    if (ledger.totals(archiveId, libraryIds).waiting === 0) return;
    for (const libraryId of libraryIds)
      for (let after: number | undefined = 0; after !== undefined && !signal.aborted;) {
        const from: number = after;
        after = await ledger.commit(() => ledger.holdings.adopt(archiveId, libraryId, from, 2_000));
        wake();
      }
  };
  return {
    // Also before it was started: what it may bring is still to come.
    busy: () => busy,
    start: () =>
      void adopt()
        .catch(deps.stopOn)
        .finally(() => {
          busy = false;
          wake();
        }),
  };
};
