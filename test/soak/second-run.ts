import Database from 'better-sqlite3';
import { ledgerOf, startSync, summaryOf, type Summary, type World } from '../faults/support/world.ts';

export interface SecondRun {
  readonly summary: Summary;
  /** From the start of the process to its end. */
  readonly wholeSeconds: number;
  /** From the run's beginning until the scan was complete and compared, as the ledger has it. */
  readonly scanSeconds: number;
}

/** One more run over a library in which nothing has changed. */
export const runAgain = async (world: World, url: string, concurrent: number): Promise<SecondRun> => {
  const started = performance.now();
  const result = await startSync(world, url, { concurrent, timeoutMs: 3_600_000 }).done;
  const wholeSeconds = (performance.now() - started) / 1000;
  if (result.code !== 0) throw new Error(`The second run ended with ${result.code}.\n${result.stderr}`);
  return { summary: summaryOf(result), wholeSeconds, scanSeconds: scanSecondsOf(ledgerOf(world)) };
};

const scanSecondsOf = (ledger: string): number => {
  const db = new Database(ledger, { readonly: true });
  try {
    const row = db
      .prepare<[], { ms: number }>(
        'SELECT (SELECT max(scanned_at) FROM library) - started_at AS ms FROM run ORDER BY id DESC LIMIT 1',
      )
      .get();
    return (row?.ms ?? Number.NaN) / 1000;
  } finally {
    db.close();
  }
};
