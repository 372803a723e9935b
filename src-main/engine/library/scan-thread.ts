import { parentPort, workerData } from 'node:worker_threads';
import type { Difference } from './differences.ts';
import { exclusionsOf } from './exclusions.ts';
import { openKnown } from './known.ts';
import type { FromScan, ScanOrder, ToScan } from './scan-messages.ts';
import { type Sink, type SurveyTotals, survey } from './survey.ts';

/** Entry of the scan's thread: one survey, told in batches, then it ends by itself. */

const BATCH = 500;
/** More than this the owner has not dealt with yet: then we wait for it. */
const MOST_UNTAKEN = 4;
/** A batch that is not full goes after this long, so that work begins with the first folder. Milliseconds. */
const LONGEST_WAIT = 50;

if (parentPort === null) throw new Error('The scan runs as a thread.');
const owner = parentPort;
const { ledgerPath, libraryId, root, exclusions } = workerData as ScanOrder;
const post = (message: FromScan): void => owner.postMessage(message);

const totals: SurveyTotals = { folders: 0, files: 0, bytes: 0 };
const started = performance.now();
let batch: Difference<string>[] = [];
let lastPosted = Number.NEGATIVE_INFINITY;
let untaken = 0;
let goOn: (() => void) | undefined;

owner.on('message', (message: ToScan) => {
  if (message.kind !== 'taken') return;
  untaken -= 1;
  goOn?.();
});

const flush = async (): Promise<void> => {
  if (batch.length === 0) return;
  while (untaken >= MOST_UNTAKEN) await new Promise<void>((resolve) => (goOn = resolve));
  untaken += 1;
  lastPosted = performance.now();
  post({ kind: 'batch', differences: batch, seen: { ...totals } });
  batch = [];
};

const sink: Sink = {
  add: (difference) => {
    batch.push(difference);
    return batch.length < BATCH ? undefined : flush();
  },
  folderDone: () =>
    batch.length > 0 && performance.now() - lastPosted >= LONGEST_WAIT ? flush() : undefined,
};

const known = openKnown(ledgerPath, libraryId);
try {
  const found = await survey(root, known, totals, sink, exclusionsOf(exclusions));
  await flush();
  post({ kind: 'result', result: { ...found, ...totals, seconds: (performance.now() - started) / 1000 } });
} finally {
  known.close();
  owner.close();
}
