const VIEWS = ['tonight', 'wall', 'tracks', 'track', 'attention', 'archive', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** Where the page is. `id`: the track of `#track/12`, the album of `#tracks/12`. */
export interface Place {
  readonly view: View;
  readonly id: number | null;
}

/** In the address, so that loading the page again and the browser's back button do what people expect. */
export const placeOf = (hash: string): Place => {
  const [, name, id] = /^#([a-z]+)(?:\/([1-9]\d{0,14}))?$/.exec(hash) ?? [];
  const view = VIEWS.find((one) => one === name) ?? 'tonight';
  // A track's own page is of one track.
  if (view === 'track' && id === undefined) return { view: 'tracks', id: null };
  return { view, id: id === undefined ? null : Number(id) };
};
