import type { ReactNode } from 'react';
import type { PageState } from '../shared/bridge/state.ts';
import { formats } from './clock.ts';
import { Mark } from './controls/mark.tsx';
import type { View } from './view.ts';
import { LinkLost } from './views/link-lost.tsx';
import { Notices } from './views/notices.tsx';

interface Props {
  readonly state: PageState;
  readonly view: View;
  readonly lostSince: number | null;
  readonly children: ReactNode;
}

/** Views with a list of their own that scrolls. */
const FULL_HEIGHT: readonly View[] = ['wall', 'tracks'];

export const Frame = ({ state, view, lostSince, children }: Props): ReactNode => {
  const { failed } = state.standing;
  // A track's own page belongs to the tracks.
  const current = view === 'track' ? 'tracks' : view;
  const items: readonly { readonly view: View; readonly name: string; readonly count?: number }[] = [
    { view: 'tonight', name: 'Tonight' },
    { view: 'wall', name: 'The wall' },
    { view: 'tracks', name: 'Tracks' },
    { view: 'attention', name: 'Needs attention', ...(failed > 0 ? { count: failed } : {}) },
    { view: 'archive', name: 'Archive' },
    { view: 'settings', name: 'Settings' },
  ];
  return (
    <div className="frame">
      <header className="side">
        <Mark />
        <nav aria-label="Views">
          <ul>
            {items.map((item) => (
              <li key={item.view}>
                <a href={`#${item.view}`} aria-current={item.view === current ? 'page' : undefined}>
                  {item.name}
                  {item.count === undefined ? null : (
                    <span className="nav-count"> {formats.count(item.count)}</span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <ArchiveAtFoot state={state} isLost={lostSince !== null} />
      </header>
      <main className={`main${FULL_HEIGHT.includes(view) ? ' main-full' : ''}`} id="main" tabIndex={-1}>
        <LinkLost since={lostSince} />
        <Notices notices={state.notices} />
        {children}
      </main>
    </div>
  );
};

const ArchiveAtFoot = ({
  state,
  isLost,
}: {
  readonly state: PageState;
  readonly isLost: boolean;
}): ReactNode => {
  if (state.archive === null) return null;
  const { kind, place } = state.archive;
  return (
    <p className="side-foot">
      <bdi title={place}>{kind === 'here' ? 'This computer' : hostOf(place)}</bdi>
      <span>{isLost ? 'Not answering' : connectionWords(state)}</span>
    </p>
  );
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const connectionWords = ({ archive, trouble, work, standing }: PageState): string => {
  if (trouble !== null) return 'Stopped';
  if (archive?.kind === 'here') return `${formats.bytes(archive.bytesFree)} free`;
  switch (work?.gate.reason) {
    case 'offline':
      return 'Not reached';
    case 'signed_out':
      return 'Signed out';
    case 'paused':
    case 'night':
    case 'battery':
      return 'At rest';
    default:
      return work?.gate.state === 'closed' && work.gate.reason === undefined
        ? 'Getting in touch'
        : work?.looked === true && standing.waiting === 0
          ? 'Nothing to send'
          : 'Connected';
  }
};
