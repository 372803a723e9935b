import {
  elementScroll,
  observeElementOffset,
  useVirtualizer,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import { keepOffset, keptOffset } from '../../paging/use-kept.ts';

/** A browser lets nothing be longer than some 33 million pixels; well below that. */
const LONGEST_PX = 16_000_000;

type List = Virtualizer<HTMLDivElement, Element>;

/** How much further a list goes than its scroller. */
export const scaleOf = (length: number, sight: number): number =>
  length <= LONGEST_PX ? 1 : (length - sight) / (LONGEST_PX - sight);

interface LongList {
  readonly list: List;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** What the rows that are drawn stand in, one below the other; it is moved to where the first of them belongs. */
  readonly layer: RefObject<HTMLDivElement | null>;
  /** What the scroller holds, in pixels. */
  readonly length: number;
  /** Scrolls as little as brings a row into sight. */
  readonly bring: (index: number) => void;
}

/** A list of rows of one height in a scroller of its own, however many there are. @param name to find back to its place */
export const useLongList = (count: number, rowHeight: number, name: string): LongList => {
  const scroller = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  // As it was told last: a browser that is asked for it between two changes has to lay out all of the page each time.
  const scrolled = useRef(0);
  const length = count * rowHeight;
  const scale = (): number => scaleOf(length, list.scrollRect?.height ?? 0);
  const place = (): void => {
    if (layer.current === null) return;
    const first = list.getVirtualItems()[0]?.start ?? 0;
    layer.current.style.transform = `translateY(${first - scrolled.current * (scale() - 1)}px)`;
  };
  const list: List = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 5,
    initialOffset: () => keptOffset(name),
    observeElementOffset: (instance, tell) =>
      observeElementOffset(instance, (offset, isScrolling) => {
        scrolled.current = offset;
        keepOffset(name, offset * scale());
        tell(offset * scale(), isScrolling);
        // Without new rows too: the scroller and the list do not go at the same pace where the list is very long.
        place();
      }),
    scrollToFn: (offset, options, instance) => {
      elementScroll(offset / scale(), options, instance);
      scrolled.current = scroller.current?.scrollTop ?? 0;
    },
  });
  useLayoutEffect(place);
  /** The library's own way there does not go beyond what the scroller holds. */
  const bring = (index: number): void => {
    const { current: box } = scroller;
    if (box === null) return;
    const [from, to] = [index * rowHeight, (index + 1) * rowHeight];
    const offset = box.scrollTop * scale();
    if (from < offset) box.scrollTop = Math.floor(from / scale());
    else if (to > offset + box.clientHeight) box.scrollTop = Math.ceil((to - box.clientHeight) / scale());
  };
  return { list, scroller, layer, length: Math.min(length, LONGEST_PX), bring };
};
