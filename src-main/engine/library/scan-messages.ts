import type { Difference, ScanCounts, ScanResult } from './differences.ts';

/** What goes between the scan's thread and its owner. */

export interface ScanOrder {
  readonly ledgerPath: string;
  readonly libraryId: number;
  readonly root: Uint8Array;
  /** Lines as in a .gitignore file. */
  readonly exclusions: readonly string[];
}

export type FromScan =
  | { readonly kind: 'batch'; readonly differences: readonly Difference<string>[]; readonly seen: ScanCounts }
  | { readonly kind: 'result'; readonly result: ScanResult };

/** The owner has dealt with one batch. */
export type ToScan = { readonly kind: 'taken' };
