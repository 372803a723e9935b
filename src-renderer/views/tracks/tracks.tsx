import { memo, type ReactNode } from 'react';
import type { TrackOutcomeNow, TrackRow, TracksOpened } from '../../../shared/bridge/tracks.ts';
import { useBridge } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Filters } from '../../controls/filters.tsx';
import { News } from '../../controls/news.tsx';
import { Problem } from '../../controls/problem.tsx';
import { Search } from '../../controls/search.tsx';
import type { RowStore } from '../../paging/row-store.ts';
import { useKept } from '../../paging/use-kept.ts';
import { useOfRows } from '../../paging/use-of-rows.ts';
import { useOpened } from '../../paging/use-opened.ts';
import { useSettled } from '../../paging/use-settled.ts';
import { emptyTracksWords, newsWords, OUTCOME_WORDS, tracksWords } from '../../words/tracks.ts';
import { Pieces } from '../the-sentence.tsx';
import { Table, type Sorting } from './table.tsx';

/** A ledger may be very long: it is looked through again not as often as its rows in sight. */
const LOOK_MS = 15_000;

type Shown = TrackOutcomeNow | 'all';

const FILTERS: readonly { readonly value: Shown; readonly name: string }[] = [
  { value: 'all', name: 'All' },
  ...(['archived', 'waiting', 'failed', 'skipped', 'missing'] as const).map((value) => ({
    value,
    name: OUTCOME_WORDS[value],
  })),
];

/** All of the ledger as a table; `album`: only that album's. What is told of the work draws nothing here anew. */
export const Tracks = memo(({ album = null }: { readonly album?: number | null }): ReactNode => {
  const bridge = useBridge();
  const [search, setSearch] = useKept(`tracks.search.${album}`, '');
  const [shown, setShown] = useKept<Shown>(`tracks.shown.${album}`, 'all');
  const [sorting, setSorting] = useKept<Sorting>('tracks.sorting', { order: 'path', descending: false });
  const settled = useSettled(search.trim());
  const outcome = shown === 'all' ? null : shown;
  const { state, problem, show } = useOpened<TracksOpened, TrackRow>({
    key: JSON.stringify([album, outcome, settled, sorting]),
    open: () => bridge.call('openTracks', { outcome, search: settled, album, ...sorting }),
    slice: (slice) => bridge.call('tracks', slice),
    lookMs: LOOK_MS,
  });
  const news =
    state === null ? undefined : newsWords(state.shown.tracks, state.newest.tracks, 'track', formats);
  return (
    <>
      <div className="opening">
        <div className="opening-words">
          <h1 className="sentence">
            <Pieces
              pieces={tracksWords(
                state?.shown.tracks ?? null,
                { outcome, search: settled, album: album !== null },
                formats,
              )}
            />
          </h1>
        </div>
        <div className="tools">
          <Search label="Track, artist or album" value={search} onChange={setSearch} />
          <Filters label="Which tracks" value={shown} onChange={setShown} options={FILTERS} />
        </div>
      </div>
      {album === null ? null : <AlbumChip rows={state?.rows} />}
      <Problem text={problem} />
      <News words={news} onShow={show} />
      {state === null ? null : state.shown.tracks === 0 ? (
        <p className="below">{emptyTracksWords(outcome, settled)}</p>
      ) : (
        <Table
          key={state.key}
          name={state.key}
          count={state.shown.tracks}
          rows={state.rows}
          sorting={sorting}
          onSort={setSorting}
        />
      )}
    </>
  );
});

/** Says which album the table is of, and leads back to all. */
const AlbumChip = ({ rows }: { readonly rows: RowStore<TrackRow> | undefined }): ReactNode => {
  const named = useOfRows(rows, () => rows?.at(0)?.album ?? '') || 'One album';
  return (
    <p>
      <a className="chip" href="#tracks" aria-label={`${named}: show the tracks of all albums`}>
        <bdi className="chip-words">{named}</bdi>
        <span aria-hidden="true">×</span>
      </a>
    </p>
  );
};
