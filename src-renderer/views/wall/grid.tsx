import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { AlbumRow } from '../../../shared/bridge/albums.ts';
import type { RowStore } from '../../paging/row-store.ts';
import { keepOffset, keptOffset } from '../../paging/use-kept.ts';
import { useOfRows } from '../../paging/use-of-rows.ts';
import { useWidth } from '../tonight/use-width.ts';
import { AlbumCell } from './album-cell.tsx';
import { afterKey } from './arrows.ts';

const LEAST_WIDTH = 112;
const GAP = 14;
/** Title, artist and the space below them. */
const WORDS_HEIGHT = 46;
const OVERSCAN = 3;

interface Props {
  readonly count: number;
  readonly rows: RowStore<AlbumRow>;
  /** What it is the wall of; each has its own place to come back to. */
  readonly name: string;
  /** Told how to bring an album into view. */
  readonly jump: { current: ((index: number) => void) | null };
}

/** All albums of a view, of which only those that are seen are there. One stop for Tab; arrows go from album to album. */
export const AlbumGrid = ({ count, rows: albums, name, jump }: Props): ReactNode => {
  useOfRows(albums, albums.version);
  const ref = useRef<HTMLDivElement>(null);
  const [list, width] = useWidth<HTMLDivElement>();
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
  const cell = Math.floor((width - GAP * (columns - 1)) / columns);
  const rowHeight = cell + WORDS_HEIGHT + GAP;
  const [focused, setFocused] = useState(0);
  const at = Math.min(focused, Math.max(0, count - 1));
  /** An arrow was pressed: the album takes the focus as soon as it is there. */
  const wantsFocus = useRef(false);

  const virtualizer = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(count / columns),
    getScrollElement: () => ref.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const isBack = useRef(false);
  useLayoutEffect(() => {
    // Before its width is known it has no length to be scrolled.
    if (width === 0 || isBack.current || ref.current === null) return;
    isBack.current = true;
    ref.current.scrollTop = keptOffset(name);
  }, [width, name]);
  const rows = virtualizer.getVirtualItems();
  const from = (rows[0]?.index ?? 0) * columns;
  const to = Math.min(count, ((rows.at(-1)?.index ?? -1) + 1) * columns);
  useEffect(() => {
    if (to > from) albums.look(from, to - 1);
  }, [albums, from, to]);

  const show = useCallback(
    (index: number) => virtualizer.scrollToIndex(Math.floor(index / columns), { align: 'auto' }),
    [virtualizer, columns],
  );
  useEffect(() => {
    jump.current = (index) => {
      setFocused(index);
      virtualizer.scrollToIndex(Math.floor(index / columns), { align: 'start' });
    };
    return () => {
      jump.current = null;
    };
  }, [jump, virtualizer, columns]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const cellNow = ref.current?.querySelector<HTMLElement>(`[data-index="${at}"] a`);
    if (cellNow === null || cellNow === undefined) return;
    wantsFocus.current = false;
    cellNow.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const rowsSeen = Math.max(1, Math.floor((ref.current?.clientHeight ?? 0) / rowHeight));
    const to = afterKey(event.key, at, { count, columns, rowsSeen });
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    wantsFocus.current = true;
    setFocused(to);
    show(to);
  };

  return (
    <div
      className="pane"
      ref={ref}
      onScroll={({ currentTarget }) => keepOffset(name, currentTarget.scrollTop)}
    >
      <div
        ref={list}
        className="albums"
        role="grid"
        tabIndex={-1}
        aria-label="Albums"
        aria-rowcount={Math.ceil(count / columns)}
        aria-colcount={columns}
        style={{ blockSize: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="albums-row"
            style={{ translate: `0 ${row.start}px`, gridTemplateColumns: `repeat(${columns}, ${cell}px)` }}
          >
            {cellsOf(row.index, columns, count).map((index) => {
              const album = albums.at(index);
              return (
                <div
                  key={index}
                  role="gridcell"
                  aria-colindex={(index % columns) + 1}
                  data-index={index}
                  onFocus={() => setFocused(index)}
                >
                  {album === undefined ? (
                    <span className="album album-loading" aria-hidden="true">
                      <span className="sleeve" />
                    </span>
                  ) : (
                    <AlbumCell album={album} isFocusable={index === at} />
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
};

const cellsOf = (row: number, columns: number, count: number): readonly number[] =>
  Array.from({ length: Math.min(columns, count - row * columns) }, (_, i) => row * columns + i);
