import type { Readable } from 'node:stream';

/** What is known beforehand of bytes that are to be stored. What is given must be met. */
export interface Expected {
  /** Exactly so many bytes. */
  readonly byteSize?: number | undefined;
  /** At most so many bytes. */
  readonly maxByteSize: number;
  /** Base64. */
  readonly md5?: string | null | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | null | undefined;
}

/** What was counted and hashed while the bytes went by. */
export interface Digests {
  readonly byteSize: number;
  readonly md5: string;
  readonly sha256: string;
}

export interface StorageUsage {
  /** Bytes that may still be stored; null where the store does not tell. */
  readonly freeBytes: number | null;
}

/**
 * Where the bytes are. A key is made with {@link newKey} and never from what a client sent. An object is either there
 * as a whole and verified, or not at all; and once it is there, nothing changes it.
 */
export interface ObjectStore {
  newKey(): string;
  /**
   * Stores the bytes under a key that nothing stands under. Resolves when they are verified and durable.
   * Throws a {@link StorageError}; then nothing is left behind, and what stood under the key is unharmed.
   */
  put(key: string, bytes: AsyncIterable<Buffer>, expected: Expected): Promise<Digests>;
  /** Makes sure that an object that somebody else is just storing survives a power cut, too. */
  persist(key: string): Promise<void>;
  /** undefined: there is no such object. */
  head(key: string): Promise<{ readonly byteSize: number } | undefined>;
  /** The bytes from `start` on, `length` of them or up to the end. Trouble, such as a missing object, is an error event with a {@link StorageError}. */
  read(key: string, range?: { readonly start: number; readonly length?: number }): Readable;
  /** The first bytes of an object from `start` on: at most `length`, fewer at its end. */
  peek(key: string, start: number, length: number): Promise<Buffer>;
  /** Resolves to false where nothing was. */
  remove(key: string): Promise<boolean>;
  /**
   * Puts a damaged object aside: nothing stands under its key any more, and its bytes are kept for a person to look at.
   * Resolves, when that is durable, to false where nothing was.
   */
  quarantine(key: string): Promise<boolean>;
  usage(): Promise<StorageUsage>;
  /** The key of every object, in any order. Objects that come and go meanwhile may be missing. */
  list(): AsyncIterable<string>;
  /** For readers that need a file: it is there until `use` is through, and must not be written. */
  withLocalFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  /** Removes what broken uploads left behind. Only for the store's one owner, before the first put. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

export type StorageErrorCode =
  | 'length_mismatch'
  | 'too_large'
  | 'checksum_mismatch'
  | 'object_exists'
  | 'object_missing'
  | 'storage_full'
  | 'interrupted'
  | 'storage_unavailable';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** What the system called it (EIO, say), where it was asked. */
  get systemCode(): unknown {
    return this.cause instanceof Error && 'code' in this.cause ? this.cause.code : undefined;
  }
}

/** Something stands under the key already. `sent` is what would have been stored. */
export class ObjectExistsError extends StorageError {
  readonly sent: Digests;

  constructor(sent: Digests, options?: { readonly cause: unknown }) {
    super('object_exists', 'Something is stored here already.', options);
    this.sent = sent;
  }
}

/** A key that this store cannot have made: a bug, or somebody at the database. */
export class InvalidKeyError extends Error {
  readonly code = 'invalid_key';
  override readonly name = 'InvalidKeyError';
}
