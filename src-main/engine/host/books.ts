import { statSync } from 'node:fs';
import type { Settings } from '../../../shared/settings.ts';
import { EngineError } from '../errors.ts';
import { ledgerTrouble, openLedgerForReading, type SetAside } from '../ledger/open.ts';
import { isAllThere } from '../ledger/salvage.ts';
import { lostWords, setAsideWords } from '../ledger/set-aside-words.ts';
import { createLedgerReader, type LedgerReader } from '../ledger/reader.ts';
import { openViews, type Views } from '../views/views.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from './workplace.ts';

/** The workplace, and a second look into its ledger for what is only read. */
export interface Books extends Workplace {
  readonly reader: LedgerReader;
  readonly views: Views;
  /** Whether the ledger's file is still the one that was opened: others find it by its path. */
  readonly isInPlace: () => boolean;
}

export interface BooksOptions extends WorkplaceOptions {
  /** What should not have happened, for a log. */
  readonly onFault: (error: unknown) => void;
}

/** What a person chose. Kept in memory too, for a ledger that turns out to be damaged takes it along. */
export interface Chosen {
  readonly settings: Settings;
  readonly libraries: readonly Uint8Array[];
}

/** The ledger was damaged and is put aside; nothing is sent until a person has read this. */
export class LedgerSetAsideError extends EngineError {
  readonly code = 'ledger_damaged';
  /** In words; empty where nothing has to be told again. */
  readonly lost: string;
  /** `isReady`: folders and archive are known. */
  constructor(setAside: SetAside, isReady: boolean) {
    const next = !isReady
      ? 'Choose your folders and the archive again.'
      : isAllThere(setAside.salvaged)
        ? 'Press Start to go on.'
        : 'Look through your folders and settings, then press Start to go on.';
    super(`${setAsideWords(setAside)} ${next}`, { setAside: setAside.path });
    this.lost = lostWords(setAside.salvaged);
  }
}

/** @throws LedgerInUseError, LedgerNewerError, LedgerDiskError */
export const openBooks = async (options: BooksOptions): Promise<Books> => {
  const workplace = await openWorkplace(options);
  const { path } = workplace.ledger;
  try {
    const db = openLedgerForReading(path, options.launch.sqlFolder('ledger'));
    if (db === undefined) throw new Error(`the ledger ${path} was opened and is not there`);
    const inode = inodeOf(path);
    const views = openViews(options.launch, path, options.onFault);
    return {
      ...workplace,
      reader: createLedgerReader(db),
      views,
      isInPlace: () => inodeOf(path) === inode,
      close: async () => {
        await views.close();
        db.close();
        await workplace.close();
      },
    };
  } catch (error) {
    await workplace.close();
    throw ledgerTrouble(path, error);
  }
};

const inodeOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

/** Gives a new ledger what the old one was told, which in memory was never damaged. */
export const restore = async ({ ledger }: Workplace, chosen: Chosen, now: number): Promise<void> => {
  await ledger.commit(() => {
    ledger.settings.write(chosen.settings);
    for (const path of chosen.libraries) ledger.libraries.ensure(path, now);
  });
};

/** What a person should be told of the ledger that was opened; undefined where the old one was well. */
export const setAsideError = (
  { ledger }: Workplace,
  chosen: Chosen | undefined,
): LedgerSetAsideError | undefined => {
  const { setAside } = ledger;
  if (setAside === undefined) return undefined;
  const isReady = ledger.libraries.all().length > 0 && ledger.settings.read().archive !== null;
  const { salvaged } = setAside;
  const told: SetAside =
    chosen === undefined
      ? setAside
      : { ...setAside, salvaged: { ...salvaged, lostSettings: [], lostLibraries: 'none' } };
  return new LedgerSetAsideError(told, isReady);
};
