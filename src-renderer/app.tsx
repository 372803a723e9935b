import { useEffect, useRef, type ReactNode } from 'react';
import type { PageState } from '../shared/bridge/state.ts';
import { useHeard } from './bridge/context.tsx';
import { formats } from './clock.ts';
import { Frame } from './frame.tsx';
import { usePlace } from './view.ts';
import { Archive } from './views/archive/archive.tsx';
import { Attention } from './views/attention/attention.tsx';
import { Settings } from './views/settings/settings.tsx';
import { Silence } from './views/silence.tsx';
import { Tonight } from './views/tonight/tonight.tsx';
import { Track } from './views/track/track.tsx';
import { Tracks } from './views/tracks/tracks.tsx';
import { Wall } from './views/wall/wall.tsx';
import { Welcome } from './views/welcome/welcome.tsx';
import { titleOf } from './words/sentence.ts';

/** Nothing has been started: there is nothing to look at before that. */
const isNew = ({ libraries, archive, work, trouble }: PageState): boolean =>
  libraries.length === 0 || archive === null || (work === null && trouble === null);

/**
 * What had the focus is gone with the view before: the next view takes it, or Tab would begin at the top of the page and
 * a screen reader would say nothing.
 */
const useFocusKept = (place: string | null): void => {
  const before = useRef<string | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = place;
    if (was === null || place === null || was === place || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }, [place]);
};

export const App = (): ReactNode => {
  const { state, link, at } = useHeard();
  const { view, id } = usePlace();
  const title = state === null || isNew(state) ? 'Ledgerline' : titleOf(state, formats);
  useEffect(() => {
    document.title = title;
  }, [title]);

  useFocusKept(state === null ? null : isNew(state) ? 'welcome' : `${view}/${id}`);

  if (state === null || link === 'refused') return <Silence link={link} />;
  const lostSince = link === 'up' ? null : at;
  if (isNew(state)) return <Welcome state={state} lostSince={lostSince} />;
  return (
    <Frame state={state} view={view} lostSince={lostSince}>
      {view === 'tonight' ? <Tonight state={state} /> : null}
      {view === 'wall' ? <Wall /> : null}
      {view === 'tracks' ? <Tracks key={id} album={id} /> : null}
      {view === 'track' && id !== null ? <Track key={id} id={id} /> : null}
      {view === 'attention' ? <Attention state={state} /> : null}
      {view === 'archive' ? <Archive state={state} /> : null}
      {view === 'settings' ? <Settings state={state} /> : null}
    </Frame>
  );
};
