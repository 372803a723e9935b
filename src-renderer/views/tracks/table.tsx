import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { TrackOrder, TrackRow } from '../../../shared/bridge/tracks.ts';
import { useNow } from '../../clock.ts';
import type { RowStore } from '../../paging/row-store.ts';
import { useOfRows } from '../../paging/use-of-rows.ts';
import { afterKey } from '../wall/arrows.ts';
import { Row } from './row.tsx';
import { useLongList } from './use-long-list.ts';

export interface Sorting {
  readonly order: TrackOrder;
  readonly descending: boolean;
}

interface Props {
  readonly count: number;
  readonly rows: RowStore<TrackRow>;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  /** What it is the list of; each has its own place to come back to. */
  readonly name: string;
}

const ROW_REM = 3.3;

const COLUMNS: readonly { readonly name: string; readonly order: TrackOrder | null; readonly at: string }[] =
  [
    { name: 'Track', order: 'path', at: 'track' },
    { name: 'State', order: null, at: 'state' },
    { name: 'Size', order: 'size', at: 'size' },
    { name: 'Archived', order: 'when', at: 'when' },
  ];

/** The ledger's tracks, of which those in sight are drawn. One tab stop; arrow keys go from row to row, Enter opens. */
export const Table = ({ count, rows, sorting, onSort, name }: Props): ReactNode => {
  const [rowHeight] = useState(() =>
    Math.round(ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)),
  );
  const { list, scroller, layer, length, bring } = useLongList(count, rowHeight, name);
  useOfRows(rows, rows.version);
  const now = useNow(60_000);
  const [stopAt, setStop] = useState(0);
  const stop = useRef<HTMLDivElement>(null);
  /** The one that is to have the focus as soon as it is drawn. */
  const wantsFocus = useRef<number>(undefined);

  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) rows.look(first, last);
  }, [rows, first, last]);

  const press = (event: KeyboardEvent): void => {
    // The heads are buttons of their own.
    if (!(event.target instanceof Node) || layer.current?.contains(event.target) !== true) return;
    if (event.key === 'Enter' && event.target === stop.current) {
      stop.current?.querySelector('a')?.click();
      return;
    }
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight' || event.altKey || event.metaKey) return;
    const rowsSeen = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next = afterKey(event.key, Math.min(stopAt, count - 1), { count, columns: 1, rowsSeen });
    if (next === undefined) return;
    event.preventDefault();
    wantsFocus.current = next;
    setStop(next);
    bring(next);
  };

  /** A row lights up as a whole under the mouse, so all of it opens. */
  const click = ({ target }: MouseEvent): void => {
    // Who marks words wants to copy them.
    if (!(target instanceof Element) || target.closest('a') !== null || getSelection()?.type === 'Range')
      return;
    if (layer.current?.contains(target) !== true) return;
    target.closest('[role=row]')?.querySelector('a')?.click();
  };

  const stopIndex = stopAt >= first && stopAt <= last ? stopAt : first;
  useEffect(() => {
    if (wantsFocus.current !== stopIndex || stop.current === null) return;
    wantsFocus.current = undefined;
    stop.current.focus({ preventScroll: true });
  });
  return (
    <div
      className="table"
      role="grid"
      aria-label="Tracks"
      aria-rowcount={count + 1}
      aria-colcount={COLUMNS.length}
      tabIndex={-1}
      onKeyDown={press}
      onClick={click}
    >
      <div role="rowgroup" className="table-head">
        <div role="row" aria-rowindex={1} className="track-row">
          {COLUMNS.map((column) => (
            <Head key={column.at} {...column} sorting={sorting} onSort={onSort} />
          ))}
        </div>
      </div>
      <div ref={scroller} className="table-body" role="presentation">
        <div role="presentation" className="table-length" style={{ blockSize: length }}>
          <div ref={layer} role="rowgroup">
            {items.map(({ index }) => (
              <Row
                key={index}
                index={index}
                track={rows.at(index)}
                height={rowHeight}
                now={now}
                stop={index === stopIndex ? stop : null}
                onFocus={setStop}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
};

const Head = ({
  name,
  order,
  at,
  sorting,
  onSort,
}: (typeof COLUMNS)[number] & Pick<Props, 'sorting' | 'onSort'>): ReactNode => {
  const isSorted = order === sorting.order;
  // The newest come first by themselves.
  const isDown = sorting.descending !== (order === 'when');
  return (
    <div
      role="columnheader"
      className={`track-${at}`}
      aria-sort={!isSorted ? undefined : isDown ? 'descending' : 'ascending'}
    >
      {order === null ? (
        name
      ) : (
        <button
          type="button"
          className="sort"
          onClick={() => onSort({ order, descending: isSorted ? !sorting.descending : false })}
        >
          {name}
          <span aria-hidden="true">{!isSorted ? '' : isDown ? ' ↓' : ' ↑'}</span>
        </button>
      )}
    </div>
  );
};
