import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { waitingWords } from '../../words/waiting.ts';

export const WaitingList = ({ state }: { readonly state: PageState }): ReactNode => {
  const items = waitingWords(state, formats);
  return (
    <section className="card" aria-labelledby="waiting">
      <div className="card-head">
        <h2 id="waiting">Waiting</h2>
      </div>
      {items.length === 0 ? (
        <p className="quiet">Nothing.</p>
      ) : (
        <ul className="waiting">
          {items.map(({ key, tone, text, view }) => (
            <li key={key}>
              <span className={`dot dot-${tone}`} aria-hidden="true" />
              {view === undefined ? text : <a href={`#${view}`}>{text}</a>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
