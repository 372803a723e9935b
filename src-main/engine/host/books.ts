import type { Settings } from '../../../shared/settings.ts';
import { EngineError } from '../errors.ts';
import { ledgerTrouble, openLedgerForReading } from '../ledger/open.ts';
import { createLedgerReader, type LedgerReader } from '../ledger/reader.ts';
import { openViews, type Views } from '../views/views.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from './workplace.ts';

/** The workplace, and a second look into its ledger for what is only read. */
export interface Books extends Workplace {
  readonly reader: LedgerReader;
  readonly views: Views;
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
  constructor(setAside: string, kept: boolean) {
    const next = kept ? 'Press Start to go on.' : 'Choose your folders and the archive again.';
    super(
      `The ledger was damaged and was put aside as ${setAside}. A new one is made from your files and from what the archive has; what is archived stays so. ${next}`,
      { setAside },
    );
  }
}

/** @throws LedgerInUseError, LedgerNewerError, LedgerDiskError */
export const openBooks = async (options: BooksOptions): Promise<Books> => {
  const workplace = await openWorkplace(options);
  const { path } = workplace.ledger;
  try {
    const db = openLedgerForReading(path, options.launch.sqlFolder('ledger'));
    if (db === undefined) throw new Error(`the ledger ${path} was opened and is not there`);
    const views = openViews(options.launch, path, options.onFault);
    return {
      ...workplace,
      reader: createLedgerReader(db),
      views,
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

/** Gives a new ledger what the old one was told. */
export const restore = async ({ ledger }: Workplace, chosen: Chosen, now: number): Promise<void> => {
  await ledger.commit(() => {
    ledger.settings.write(chosen.settings);
    for (const path of chosen.libraries) ledger.libraries.ensure(path, now);
  });
};
