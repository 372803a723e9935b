import type { Launch } from '../../../shared/launch.ts';
import { createHttp, type Http } from '../archive/http.ts';
import { createFingerprinter, type Fingerprinter } from '../audio/fingerprints.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { obeyInbox } from '../ledger/obey.ts';
import { takeOwnership } from '../ledger/owner.ts';

/** All that runs with one ledger have in common: the data folder is ours until it is closed. */
export interface Workplace {
  readonly ledger: Ledger;
  readonly fingerprinter: Fingerprinter;
  readonly http: Http;
  readonly close: () => Promise<void>;
}

export interface WorkplaceOptions {
  /** Absolute, and there. */
  readonly dataFolder: string;
  /** For whoever finds the data folder taken. */
  readonly who: string;
  readonly launch: Launch;
  readonly userAgent: string;
}

/** Two threads feed any disk and line that we have seen; more would only take turns. Small files need but one. */
const FINGERPRINT_THREADS = 2;

/**
 * Opens the ledger as its owner; a damaged one is put aside, and {@link Ledger.setAside} tells. What was asked while
 * nobody was listening is done first.
 * @throws LedgerInUseError, LedgerNewerError, LedgerDiskError
 */
export const openWorkplace = async (options: WorkplaceOptions): Promise<Workplace> => {
  const { dataFolder, launch } = options;
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    closing.push(takeOwnership(dataFolder, options.who).release);
    const ledger = openLedger(dataFolder, launch.sqlFolder('ledger'), new Date());
    closing.push(ledger.close);
    await ledger.commit(() => obeyInbox(ledger));
    const fingerprinter = createFingerprinter({ launch, threads: FINGERPRINT_THREADS });
    closing.push(fingerprinter.close);
    const http = createHttp(options.userAgent);
    closing.push(http.dropConnections);
    return { ledger, fingerprinter, http, close };
  } catch (error) {
    await close();
    throw error;
  }
};
