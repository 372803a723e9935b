import type { ChosenArchive, Settings } from '../../../shared/settings.ts';
import type { Library } from '../ledger/libraries.ts';

/** What a person wants to be done. */
export interface Wish {
  readonly archive: ChosenArchive;
  readonly libraries: readonly Library[];
  /** Counts how often somebody signed in: with other words, it is another connection. */
  readonly signIn: number;
}

/** Undefined: nothing, because it was not said yet or because something is missing. */
export const wishOf = (
  { started, archive }: Pick<Settings, 'started' | 'archive'>,
  libraries: readonly Library[],
  signIn: number,
): Wish | undefined =>
  started && archive !== null && libraries.length > 0 ? { archive, libraries, signIn } : undefined;
