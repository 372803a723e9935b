import { memo, useRef, type ReactNode } from 'react';
import type { AlbumFilter, AlbumRow, AlbumsOpened } from '../../../shared/bridge/albums.ts';
import { useBridge } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Filters } from '../../controls/filters.tsx';
import { News } from '../../controls/news.tsx';
import { Problem } from '../../controls/problem.tsx';
import { Search } from '../../controls/search.tsx';
import { useKept } from '../../paging/use-kept.ts';
import { useOpened } from '../../paging/use-opened.ts';
import { useSettled } from '../../paging/use-settled.ts';
import { newsWords } from '../../words/tracks.ts';
import { wallSentence } from '../../words/wall.ts';
import { Pieces } from '../the-sentence.tsx';
import { AlbumGrid } from './grid.tsx';

/** The numbers beside the filters are looked at again this often. */
const LOOK_MS = 5_000;

/** Every album as its cover, from grey to colour. What is told of the work draws nothing here anew. */
export const Wall = memo((): ReactNode => {
  const bridge = useBridge();
  const [filter, setFilter] = useKept<AlbumFilter>('wall.filter', 'all');
  const [search, setSearch] = useKept('wall.search', '');
  const settled = useSettled(search.trim());
  const { state, problem, show } = useOpened<AlbumsOpened, AlbumRow>({
    key: JSON.stringify([filter, settled]),
    open: () => bridge.call('openAlbums', { filter, search: settled }),
    slice: (slice) => bridge.call('albums', slice),
    lookMs: LOOK_MS,
  });
  const jump = useRef<((index: number) => void) | null>(null);
  const { shown = null, newest = null } = state ?? {};
  const counts = newest?.counts;
  return (
    <>
      <div className="opening">
        <h1 className="sentence">
          <Pieces pieces={wallSentence(newest, settled !== '', formats)} />
        </h1>
        <div className="tools">
          <Search label="Artist or album" value={search} onChange={setSearch} />
          <Filters
            label="Which albums"
            value={filter}
            onChange={setFilter}
            options={[
              { value: 'all', name: 'All' },
              { value: 'whole', name: 'Whole', count: counts?.whole },
              { value: 'under_way', name: 'Under way', count: counts?.under_way },
              { value: 'to_come', name: 'To come', count: counts?.to_come },
              { value: 'attention', name: 'Attention', count: counts?.attention },
            ]}
          />
        </div>
      </div>
      <Problem text={problem} />
      {shown === null || shown.letters.length < 2 ? null : (
        <nav className="letters" aria-label="Jump to a letter">
          {shown.letters.map(({ letter, at }) => (
            <Button key={`${letter}${at}`} look="quiet" onPress={() => jump.current?.(at)}>
              {letter}
            </Button>
          ))}
        </nav>
      )}
      <News
        words={
          shown === null || newest === null
            ? undefined
            : newsWords(shown.albums, newest.albums, 'album', formats)
        }
        onShow={show}
      />
      {state === null ? null : state.shown.albums === 0 ? (
        <p className="below">{emptyWords(filter, settled)}</p>
      ) : (
        <AlbumGrid
          key={state.key}
          name={`wall ${state.key}`}
          count={state.shown.albums}
          rows={state.rows}
          jump={jump}
        />
      )}
    </>
  );
});

const emptyWords = (filter: AlbumFilter, search: string): string => {
  if (search !== '') return 'Nothing is found by that. Part of an artist or a title is enough.';
  switch (filter) {
    case 'all':
      return 'They stand here as soon as your folders have been looked through.';
    case 'whole':
      return 'None is whole yet.';
    case 'under_way':
      return 'Nothing is under way just now.';
    case 'to_come':
      return 'None: every album has begun.';
    case 'attention':
      return 'None: nothing needs you.';
  }
};
