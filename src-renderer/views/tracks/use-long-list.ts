import {
  elementScroll,
  observeElementOffset,
  useVirtualizer,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { useRef, type RefObject } from 'react';
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
  /** What the scroller holds, in pixels. */
  readonly length: number;
  /** Where in it the first row that is drawn stands now. */
  readonly topOf: () => number;
  /** Scrolls as little as brings a row into sight. */
  readonly bring: (index: number) => void;
}

/** A list of rows of one height in a scroller of its own, however many there are. @param name to find back to its place */
export const useLongList = (count: number, rowHeight: number, name: string): LongList => {
  const scroller = useRef<HTMLDivElement>(null);
  const length = count * rowHeight;
  const scale = (): number => scaleOf(length, scroller.current?.clientHeight ?? 0);
  const list: List = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialOffset: () => keptOffset(name),
    observeElementOffset: (instance, tell) =>
      observeElementOffset(instance, (offset, isScrolling) => {
        keepOffset(name, offset * scale());
        tell(offset * scale(), isScrolling);
      }),
    scrollToFn: (offset, options, instance) => elementScroll(offset / scale(), options, instance),
  });
  const topOf = (): number => {
    const scrolled = scroller.current?.scrollTop ?? 0;
    const first = list.getVirtualItems()[0]?.start ?? 0;
    return first - scrolled * (scale() - 1);
  };
  /** The library's own way there does not go beyond what the scroller holds. */
  const bring = (index: number): void => {
    const { current: box } = scroller;
    if (box === null) return;
    const [from, to] = [index * rowHeight, (index + 1) * rowHeight];
    const offset = box.scrollTop * scale();
    if (from < offset) box.scrollTop = Math.floor(from / scale());
    else if (to > offset + box.clientHeight) box.scrollTop = Math.ceil((to - box.clientHeight) / scale());
  };
  return { list, scroller, length: Math.min(length, LONGEST_PX), topOf, bring };
};
