import type { Browsed } from '../../../shared/bridge/calls.ts';

/** The folders that a person may choose from. What a page knows of them are references that this gave out. */
export interface Folders {
  readonly browse: (ref: string | null) => Promise<Browsed>;
  /** Absolute and without links; undefined where nothing (any more) stands for this reference. */
  readonly pathOf: (ref: string) => Promise<Uint8Array | undefined>;
}
