import type { ReasonCode, ReasonState, UnreachableReason } from './reasons.ts';

/** What the disk shows of a file without reading it. */
export interface DiskStat {
  readonly byteSize: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** 64 bits, signed. */
  readonly inode: bigint;
}

/** Why an entry cannot be read, as far as looking at it tells. */
export interface Trouble {
  readonly state: ReasonState;
  readonly reason: ReasonCode;
  /** What the system said. */
  readonly detail?: string;
}

/**
 * One thing in which the disk differs from the ledger. Its paths are bytes; on the way from the scan's thread to its
 * owner they are strings of one character for each byte, which cost less to send.
 */
export type Difference<Path = Uint8Array> =
  | {
      readonly kind: 'new';
      /** Relative to the library, empty for the library itself. */
      readonly folder: Path;
      readonly name: Path;
      readonly stat: DiskStat;
      readonly trouble?: Trouble;
    }
  /** Size or mtime differ, or what was skipped or failed may be readable now, or can no longer be read. */
  | {
      readonly kind: 'changed';
      readonly trackId: number;
      readonly stat: DiskStat;
      readonly trouble?: Trouble;
    }
  /** Only ctime or inode differ. */
  | { readonly kind: 'touched'; readonly trackId: number; readonly stat: DiskStat }
  /** Was missing and is there again, with nothing against it; `unchanged` when all of its stat is as before. */
  | { readonly kind: 'back'; readonly trackId: number; readonly stat: DiskStat; readonly unchanged: boolean }
  | { readonly kind: 'gone'; readonly trackId: number }
  /** A person left it out; whether it is there still is not known. */
  | { readonly kind: 'excluded'; readonly trackId: number };

export interface ScanCounts {
  readonly folders: number;
  /** Entries that are tracks, also those to be skipped. */
  readonly files: number;
  /** Of those files. */
  readonly bytes: number;
}

export interface ScanBatch {
  readonly libraryId: number;
  /** In the order of the disk: folder by folder, names by their bytes; `gone` come last. */
  readonly differences: readonly Difference[];
  /** What the scan has seen so far. */
  readonly seen: ScanCounts;
}

export interface ScanResult extends ScanCounts {
  /** Only a complete scan saw everything; after another one nothing is concluded about what was not seen. */
  readonly outcome: 'complete' | 'unreachable' | 'stopped';
  /** Where unreachable. */
  readonly reason?: UnreachableReason;
  /** Where complete: which folder the root was, device and inode. */
  readonly root?: string;
  /** Files that are no tracks, by extension: the commonest 50, and `(rest)`. `(none)` has no extension. */
  readonly others: Readonly<Record<string, number>>;
  /** Folders of the system (trash, thumbnails, snapshots...) that were not looked into. */
  readonly leftOut: number;
  /** Tracks and folders that a person left out; what is in such folders is not counted. */
  readonly excluded: number;
  readonly seconds: number;
}
