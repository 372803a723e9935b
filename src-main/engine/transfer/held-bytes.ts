/**
 * The bytes of small files on their way from being read to being sent, within a fixed budget. What does not fit is
 * read again when its turn comes.
 */
export interface HeldBytes {
  /** Whether so many bytes may be kept; they count from now on. Give them back with {@link release}. */
  readonly reserve: (size: number) => boolean;
  readonly release: (size: number) => void;
  /** Keeps reserved bytes for a content; false when it has some already, and the reservation is still the caller's. */
  readonly keep: (contentId: number, bytes: Uint8Array) => boolean;
  /** Takes the bytes out; their reservation goes on until {@link release}. */
  readonly take: (contentId: number) => Uint8Array | undefined;
  /**
   * Gives bytes back that were taken. Those that nobody reads any more (`spent`) leave the memory at once: garbage of
   * this size would pile up to several times the budget before it is collected.
   */
  readonly giveBack: (bytes: Uint8Array, spent: boolean) => void;
}

export const createHeldBytes = (budget: number): HeldBytes => {
  let used = 0;
  const kept = new Map<number, Uint8Array>();
  return {
    reserve: (size) => {
      if (used + size > budget) return false;
      used += size;
      return true;
    },
    release: (size) => void (used -= size),
    keep: (contentId, bytes) => {
      if (kept.has(contentId)) return false;
      kept.set(contentId, bytes);
      return true;
    },
    take: (contentId) => {
      const bytes = kept.get(contentId);
      kept.delete(contentId);
      return bytes;
    },
    giveBack: (bytes, spent) => {
      used -= bytes.length;
      if (spent && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
    },
  };
};
