/** A picture as it is put into a file, unchanged. */
export interface Cover {
  readonly mime: 'image/jpeg' | 'image/png';
  readonly data: Buffer;
}

export interface AudioTags {
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  readonly albumArtist?: string;
  /** From 1. */
  readonly track: number;
  readonly year: number;
  readonly genre: string;
  readonly cover?: Cover;
}

export interface Sound {
  /** How long it is to last; rounded up to a whole frame where the format knows only whole ones. */
  readonly seconds: number;
  /** A 32-bit number. Equal seeds make equal bytes, different ones different bytes. */
  readonly seed: number;
}
