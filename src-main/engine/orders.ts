import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../shared/settings.ts';
import type { Ledger } from './ledger/ledger.ts';
import { obeyInbox } from './ledger/obey.ts';

/** What people want of a run while it lasts: the settings, and what they leave in the inbox. */
export interface Orders {
  readonly settings: () => Settings;
  /** The owner itself changed something: the next look takes it in. */
  readonly tell: () => void;
  readonly look: () => Promise<void>;
  /** None of the libraries of this run is in the ledger any more. */
  readonly allForgotten: () => boolean;
}

export const createOrders = (deps: {
  readonly ledger: Ledger;
  readonly libraryIds: readonly number[];
  /** Other things are left out of the libraries now. */
  readonly onExclusions: () => void;
  readonly onChange: () => void;
}): Orders => {
  const { ledger, libraryIds } = deps;
  let settings = ledger.settings.read();
  let allForgotten = false;
  let told = false;
  return {
    settings: () => settings,
    tell: () => void (told = true),
    look: async () => {
      if (!told && ledger.inbox.isEmpty()) return;
      told = false;
      await ledger.commit(() => {
        obeyInbox(ledger);
      });
      const before = settings;
      settings = ledger.settings.read();
      if (!isDeepStrictEqual(before.exclusions, settings.exclusions)) deps.onExclusions();
      const known = new Set(ledger.libraries.all().map(({ id }) => id));
      allForgotten = !libraryIds.some((id) => known.has(id));
      deps.onChange();
    },
    allForgotten: () => allForgotten,
  };
};
