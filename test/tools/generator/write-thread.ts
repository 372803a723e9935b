import { parentPort, workerData } from 'node:worker_threads';
import type { LibraryLayout } from './plan.ts';
import { writeTracks } from './write.ts';

/** What a thread gets as its `workerData`; it answers with one message, a `WrittenTracks`. */
export interface WriteOrder {
  readonly root: string;
  readonly layout: LibraryLayout;
  readonly from: number;
  readonly to: number;
}

const { root, layout, from, to } = workerData as WriteOrder;
parentPort?.postMessage(writeTracks(root, layout, from, to));
