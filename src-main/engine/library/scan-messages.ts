import type { DiskStat, ScanCounts, ScanResult, Trouble } from './differences.ts';

/** What goes between the scan's thread and its owner. Paths go as strings of one character for each byte. */

export interface ScanOrder {
  readonly ledgerPath: string;
  readonly libraryId: number;
  readonly root: Uint8Array;
}

export type WireDifference =
  | {
      readonly kind: 'new';
      readonly folder: string;
      readonly name: string;
      readonly stat: DiskStat;
      readonly trouble?: Trouble;
    }
  | {
      readonly kind: 'changed';
      readonly trackId: number;
      readonly stat: DiskStat;
      readonly trouble?: Trouble;
    }
  | { readonly kind: 'touched'; readonly trackId: number; readonly stat: DiskStat }
  | { readonly kind: 'back'; readonly trackId: number; readonly stat: DiskStat; readonly unchanged: boolean }
  | { readonly kind: 'gone'; readonly trackId: number };

export type FromScan =
  | { readonly kind: 'batch'; readonly differences: readonly WireDifference[]; readonly seen: ScanCounts }
  | { readonly kind: 'result'; readonly result: ScanResult };

/** The owner has dealt with one batch. */
export type ToScan = { readonly kind: 'taken' };
