import type { CallInput, CallOutput } from '../../shared/bridge/calls.ts';
import type { TrackDetail, TrackRow } from '../../shared/bridge/tracks.ts';

/** What a scripted program answers where the page asks for long lists. */

export const trackOf = (id: number, some: Partial<TrackRow> = {}): TrackRow => ({
  id,
  path: `Artist/Album/${id}.flac`,
  title: `Title ${id}`,
  artist: 'Artist',
  album: 'Album',
  bytes: 30e6,
  outcome: 'waiting',
  archivedAt: null,
  reason: null,
  ...some,
});

export const detailOf = (some: Partial<TrackDetail> = {}): TrackDetail => ({
  ...trackOf(12),
  place: '/music/Artist/Album/12.flac',
  library: '/music',
  cover: null,
  modifiedAt: Date.UTC(2020, 1, 3),
  sha256: null,
  md5: null,
  tags: [],
  twins: [],
  song: null,
  failure: null,
  history: [],
  ...some,
});

export const tableAnswers = (length: number, row: (index: number) => TrackRow) => ({
  openTracks: (): CallOutput<'openTracks'> => ({ view: 1, tracks: length }),
  tracks: ({ from, count }: CallInput<'tracks'>): TrackRow[] =>
    Array.from({ length: Math.max(0, Math.min(count, length - from)) }, (_, i) => row(from + i)),
});
