import type { CallInput, CallName, CallOutput } from '../../../shared/bridge/calls.ts';
import type { Covers } from '../covers/covers.ts';
import type { Place } from '../library/place.ts';
import type { Views } from '../views/views.ts';
import type { Phase } from './driver.ts';

type ViewCall = Extract<CallName, 'openAlbums' | 'albums' | 'openTracks' | 'tracks' | 'track'>;

/** What the page asks of the ledger's views; the covers of what it is shown come along. */
export const createViewCalls = (deps: {
  readonly views: () => Promise<Views>;
  readonly covers: Pick<Covers, 'of'>;
  readonly phase: () => Phase;
}): { readonly [N in ViewCall]: (input: CallInput<N>) => Promise<CallOutput<N>> } => {
  const { views, covers } = deps;
  const sending = (): readonly Place[] => sendingIn(deps.phase());
  return {
    openAlbums: async (wanted) => (await views()).ask('openAlbums', { wanted, sending: sending() }),
    albums: async (slice) => {
      const rows = await (await views()).ask('albums', { slice, sending: sending() });
      return rows?.map(({ source, ...row }) => ({ ...row, cover: covers.of(source) })) ?? null;
    },
    openTracks: async (wanted) => (await views()).ask('openTracks', wanted),
    tracks: async (slice) => (await views()).ask('tracks', slice),
    track: async (id) => {
      const found = await (await views()).ask('track', id);
      if (found === null) return null;
      const { source, ...track } = found;
      return { ...track, cover: covers.of(source) };
    },
  };
};

/** The files of which bytes are under way. Copies: a Buffer may be a view into memory that all of it would be sent of. */
const sendingIn = (phase: Phase): readonly Place[] =>
  phase.kind !== 'running'
    ? []
    : phase
        .snapshot()
        .inFlight.filter(({ sent }) => sent > 0)
        .map(({ place }) => ({
          libraryPath: Uint8Array.from(place.libraryPath),
          folderPath: Uint8Array.from(place.folderPath),
          name: Uint8Array.from(place.name),
        }));
