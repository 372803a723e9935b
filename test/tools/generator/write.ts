import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { coverPicture } from '../../../src-main/headless/demo/audio/cover.ts';
import { AUDIO_WRITERS } from '../../../src-main/headless/demo/audio/formats.ts';
import type { Cover } from '../../../src-main/headless/demo/audio/tags.ts';
import { writeNeighbours } from './neighbours.ts';
import { planContent, planTrack, type LibraryLayout } from './plan.ts';

export interface WrittenTracks {
  /** Bytes of each track, in order. */
  readonly sizes: Uint32Array;
  /** How many files were put beside them that are no audio. */
  readonly neighbours: number;
}

/** Writes the tracks `from` to below `to` and what lies beside them. Synchronous: this is what is quick here. */
export const writeTracks = (root: string, layout: LibraryLayout, from: number, to: number): WrittenTracks => {
  const sizes = new Uint32Array(to - from);
  const coverOf = coverCache(layout.covers);
  let neighbours = 0;
  let lastFolder = '';
  for (let number = from; number < to; number += 1) {
    const { folder, name, content } = planTrack(layout, number);
    const path = `${root}/${folder}`;
    if (folder !== lastFolder) {
      mkdirSync(path, { recursive: true });
      // Two threads may share a folder; the one that writes its first track adds the neighbours.
      if (number === 0 || planTrack(layout, number - 1).folder !== folder) {
        neighbours += writeNeighbours(path, planContent(layout, content).album);
      }
      lastFolder = folder;
    }
    const file = contentBytes(layout, content, coverOf);
    writeNewFile(`${path}/${name}`, file);
    sizes[number - from] = file.length;
  }
  return { sizes, neighbours };
};

type CoverOf = (album: number) => Cover | undefined;

export const contentBytes = (layout: LibraryLayout, content: number, coverOf: CoverOf): Buffer => {
  const { format, album, tags, sound } = planContent(layout, content);
  const cover = coverOf(album);
  return AUDIO_WRITERS[format].write(cover === undefined ? tags : { ...tags, cover }, sound);
};

/** Tracks come album by album, so remembering one is enough. */
export const coverCache = (wanted: boolean): CoverOf => {
  let last: { readonly album: number; readonly cover: Cover } | undefined;
  return (album) => {
    if (!wanted) return undefined;
    if (last?.album !== album) last = { album, cover: coverPicture(album) };
    return last.cover;
  };
};

/** Never over a file that is there already: two names of a plan that meet would hide each other. */
export const writeNewFile = (path: string | Buffer, bytes: Buffer): void => {
  const file = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
};
