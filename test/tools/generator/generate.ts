import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeOddNames, type OddNames } from './odd-names.ts';
import { layoutOf, planTrack, type LibraryLayout, type LibraryOptions } from './plan.ts';
import type { WriteOrder } from './write-thread.ts';
import { writeTracks, type WrittenTracks } from './write.ts';

export interface GeneratedTrack {
  /** Relative to the library, as the disk's own bytes, with `/`. */
  readonly path: Buffer;
  readonly bytes: number;
  /** The path of the track with the same bytes, where this one is a copy. */
  readonly copyOf?: Buffer;
}

export interface GeneratedLibrary {
  /** Absolute. */
  readonly root: string;
  /** Every audio file; those with odd names come last. */
  readonly tracks: readonly GeneratedTrack[];
  /** Bytes of all tracks. */
  readonly bytes: number;
  /** How many different contents the tracks have. */
  readonly contents: number;
  /** How many files lie beside them that are no audio. */
  readonly neighbours: number;
  /** Odd names that this file system would not take. */
  readonly refused: OddNames['refused'];
}

/** Below this a thread costs more than it saves. */
const TRACKS_WORTH_A_THREAD = 1000;

/**
 * Writes a library of real, tagged audio files into `out`, which may exist but may not hold any of them yet. The
 * same options give the same bytes under the same names.
 */
export const generateLibrary = async (
  options: LibraryOptions & { readonly out: string },
): Promise<GeneratedLibrary> => {
  const layout = layoutOf(options);
  const root = resolve(options.out);
  mkdirSync(root, { recursive: true });
  const written = await writeInThreads(root, layout);
  const odd = layout.oddNames ? writeOddNames(root, layout.seed) : { written: [], refused: [] };
  const sizes = written.flatMap((part) => [...part.sizes]);
  const tracks = [...plannedTracks(layout, sizes), ...odd.written];
  return {
    root,
    tracks,
    bytes: tracks.reduce((sum, track) => sum + track.bytes, 0),
    contents: tracks.length - layout.copies,
    neighbours: written.reduce((sum, part) => sum + part.neighbours, 0),
    refused: odd.refused,
  };
};

const plannedTracks = (layout: LibraryLayout, sizes: readonly number[]): GeneratedTrack[] =>
  sizes.map((bytes, number) => {
    const track = planTrack(layout, number);
    const path = Buffer.from(`${track.folder}/${track.name}`);
    if (track.content === number) return { path, bytes };
    const original = planTrack(layout, track.content);
    return { path, bytes, copyOf: Buffer.from(`${original.folder}/${original.name}`) };
  });

const writeInThreads = async (root: string, layout: LibraryLayout): Promise<readonly WrittenTracks[]> => {
  const threads = Math.min(availableParallelism(), Math.ceil(layout.files / TRACKS_WORTH_A_THREAD));
  if (threads === 1) return [writeTracks(root, layout, 0, layout.files)];
  const startOf = (thread: number): number => Math.floor((thread * layout.files) / threads);
  return await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      writeInThread({ root, layout, from: startOf(thread), to: startOf(thread + 1) }),
    ),
  );
};

const writeInThread = (order: WriteOrder): Promise<WrittenTracks> =>
  new Promise((done, fail) => {
    const worker = new Worker(new URL('write-thread.ts', import.meta.url), { workerData: order });
    worker.once('message', done);
    worker.once('error', fail);
    worker.once('exit', () => fail(new Error('A writing thread ended before its work was done.')));
  });
