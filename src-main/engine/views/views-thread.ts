import { parentPort, workerData } from 'node:worker_threads';
import { systemCode } from '../errors.ts';
import { openLedgerForReading } from '../ledger/open.ts';
import { createAlbumViews } from './album-views.ts';
import type { FromViews, ToViews, ViewCallName, ViewCalls, ViewsOrder } from './messages.ts';
import { createTrackDetail } from './track-detail.ts';
import { createTrackViews } from './track-views.ts';

/** Entry of the thread of the views: each question is answered from what the ledger shows then. What takes long is done in
 * steps, and the others do not wait for it. */

if (parentPort === null) throw new Error('The views run as a thread.');
const owner = parentPort;
const { ledgerPath, sqlFolder, firstRef } = workerData as ViewsOrder;

const db = openLedgerForReading(ledgerPath, sqlFolder);
if (db === undefined) throw new Error(`the ledger ${ledgerPath} is not there`);
db.pragma('cache_size = -32000');
db.pragma('temp_store = MEMORY');

let ref = firstRef;
const nextRef = (): number => (ref += 1);
const albums = createAlbumViews(db, nextRef, performance);
const tracks = createTrackViews(db, nextRef);
const detail = createTrackDetail(db);
const calls: {
  readonly [N in ViewCallName]: (
    input: Parameters<ViewCalls[N]>[0],
  ) => ReturnType<ViewCalls[N]> | Promise<ReturnType<ViewCalls[N]>>;
} = {
  openTracks: async (wanted) =>
    tracks.open(wanted, wanted.album === null ? undefined : await albums.membersOf(wanted.album)),
  tracks: tracks.slice,
  track: detail.track,
  placeOf: detail.placeOf,
  openAlbums: ({ wanted, sending }) => albums.open(wanted, sending),
  albums: ({ slice, sending }) => albums.slice(slice, sending),
};

const work = async ({ id, call, input }: ToViews): Promise<FromViews> => {
  try {
    // The owner's end is typed: the input is this call's.
    return { id, output: await (calls[call] as (asked: unknown) => unknown)(input) };
  } catch (error) {
    const code = systemCode(error);
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { id, error: thrown, ...(code === undefined ? {} : { code }) };
  }
};

const answer = async (message: ToViews): Promise<void> => {
  owner.postMessage(await work(message));
  albums.refreshWhenDue();
};

owner.on('message', (message: ToViews) => void answer(message));
