import { useSyncExternalStore } from 'react';

const VIEWS = ['tonight', 'attention', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** In the address, so that loading the page again and the browser's back button do what people expect. */
const viewNow = (): View => VIEWS.find((view) => `#${view}` === location.hash) ?? 'tonight';

const listen = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

export const useView = (): View => useSyncExternalStore(listen, viewNow);
