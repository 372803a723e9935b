import { useRef, useState, type ReactNode } from 'react';
import type { AlbumFilter } from '../../../shared/bridge/albums.ts';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Filters } from '../../controls/filters.tsx';
import { Problem } from '../../controls/problem.tsx';
import { Search } from '../../controls/search.tsx';
import { useSettled } from '../../slices/use-settled.ts';
import { newAlbumsWords, wallSentence } from '../../words/wall.ts';
import { Pieces } from '../the-sentence.tsx';
import { AlbumGrid } from './grid.tsx';
import { useAlbums } from './use-albums.ts';

/** Every album as its cover, from grey to colour. */
export const Wall = (): ReactNode => {
  const [filter, setFilter] = useState<AlbumFilter>('all');
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim());
  const { shown, now, problem, reopen } = useAlbums(filter, settled);
  const jump = useRef<((index: number) => void) | null>(null);
  const counts = now?.counts;
  const news = shown === null || now === null ? undefined : newAlbumsWords(shown.albums, now.albums, formats);
  return (
    <>
      <div className="opening">
        <h1 className="sentence">
          <Pieces pieces={wallSentence(now, settled !== '', formats)} />
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
      {news === undefined ? null : (
        <p className="news" role="status">
          {news}. <Button onPress={reopen}>Show</Button>
        </p>
      )}
      {shown === null ? null : shown.albums === 0 ? (
        <p className="soft">{emptyWords(filter, settled)}</p>
      ) : (
        <AlbumGrid opened={shown} onGivenUp={reopen} jump={jump} />
      )}
    </>
  );
};

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
