import type { AlbumRow, AlbumsOpened, AlbumsWanted } from '../../../shared/bridge/albums.ts';
import type { Slice } from '../../../shared/bridge/fields.ts';
import type { TrackDetail, TrackRow, TracksOpened, TracksWanted } from '../../../shared/bridge/tracks.ts';
import type { Place } from '../library/place.ts';

/** What goes between the thread of the views and its owner. */

export interface ViewsOrder {
  readonly ledgerPath: string;
  readonly sqlFolder: string;
  /** The first reference that is given out for a view; those of an earlier thread must lead nowhere. */
  readonly firstRef: number;
}

/** One track of an album, where a picture of it may be found. */
export interface AlbumSource extends Place {
  /** As the tags have it; empty where they do not tell. */
  readonly album: string;
}

/** Without its cover, which is looked for elsewhere. */
export type UncoveredAlbum = Omit<AlbumRow, 'cover'> & { readonly source: AlbumSource };
export type UncoveredTrack = Omit<TrackDetail, 'cover'> & { readonly source: AlbumSource };

/** Files that are being sent now. */
type Sending = readonly Place[];

/** All that can be asked; null for what is not there (any more). */
export interface ViewCalls {
  readonly openTracks: (wanted: TracksWanted) => TracksOpened;
  readonly tracks: (slice: Slice) => TrackRow[] | null;
  readonly track: (id: number) => UncoveredTrack | null;
  readonly placeOf: (id: number) => Place | null;
  readonly openAlbums: (asked: { readonly wanted: AlbumsWanted; readonly sending: Sending }) => AlbumsOpened;
  readonly albums: (asked: { readonly slice: Slice; readonly sending: Sending }) => UncoveredAlbum[] | null;
}
export type ViewCallName = keyof ViewCalls;

export interface ToViews {
  readonly id: number;
  readonly call: ViewCallName;
  readonly input: unknown;
}

export type FromViews =
  | { readonly id: number; readonly output: unknown }
  /** An error's own code does not come along with it. */
  | { readonly id: number; readonly error: Error; readonly code?: string };
