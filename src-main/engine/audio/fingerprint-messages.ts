import type { AudioFormat } from '../../../shared/audio-types.ts';
import type { DiskStat } from '../library/differences.ts';
import type { ReasonCode } from '../library/reasons.ts';
import type { Tags } from './tags.ts';

export interface FingerprintRequest {
  /** Absolute, as bytes of the file system. */
  readonly path: Uint8Array;
  /** What the disk showed when the file was found: only exactly that is read. */
  readonly expected: DiskStat;
  /** Whether to hand the bytes over too, where they are no more than {@link LARGEST_KEPT_BYTES}. */
  readonly keepBytes: boolean;
}

/** Files up to this size are read into memory in one piece. */
export const LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

export type FingerprintResult =
  | {
      readonly kind: 'read';
      /** 32 bytes. */
      readonly sha256: Uint8Array;
      /** 16 bytes. */
      readonly md5: Uint8Array;
      readonly byteSize: number;
      readonly format: AudioFormat;
      readonly tags: Tags;
      /** Why there is no more than a title, where the file's own tags could not be read. */
      readonly tagTrouble?: string;
      readonly bytes?: Uint8Array;
    }
  /** Never to be sent as it is. */
  | { readonly kind: 'skip'; readonly reason: ReasonCode; readonly detail?: string }
  /** The system refused; worth another try. `detail` is what it said. */
  | { readonly kind: 'failed'; readonly reason: ReasonCode; readonly detail: string }
  /** Not what was expected, before or after the reading. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'vanished' };

/** From the owner to a thread. One at a time. */
export interface ToFingerprint extends FingerprintRequest {
  /** false after a parser came to grief over this very file. */
  readonly withTags: boolean;
}

export type FromFingerprint =
  | { readonly kind: 'ready' }
  /** All bytes are read; only the tags are to come, and only they have a time limit. */
  | { readonly kind: 'parsing' }
  | { readonly kind: 'done'; readonly result: FingerprintResult };
