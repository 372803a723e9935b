import { useEffect, type RefObject } from 'react';

/** How far each list was scrolled when it was left, by its name; as long as the page is open. */
const kept = new Map<string, number>();

/** Brings a list back to where it was left. */
export const useKeptScroll = (name: string, ref: RefObject<HTMLElement | null>, isReady: boolean): void => {
  useEffect(() => {
    const element = ref.current;
    if (element === null || !isReady) return undefined;
    element.scrollTop = kept.get(name) ?? 0;
    const keep = (): void => void kept.set(name, element.scrollTop);
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [name, ref, isReady]);
};
