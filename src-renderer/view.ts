import { useSyncExternalStore } from 'react';
import { type Place, placeOf } from './words/place.ts';

export type { Place, View } from './words/place.ts';

const listen = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

const hashNow = (): string => location.hash;

export const usePlace = (): Place => placeOf(useSyncExternalStore(listen, hashNow));
