import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { filesRateWords, lineWords, sentWords } from '../../words/progress.ts';

export const Line = ({ state }: { readonly state: PageState }): ReactNode => {
  const { work } = state;
  if (work === null) return null;
  return (
    <section className="card" aria-labelledby="line">
      <div className="card-head">
        <h2 id="line">The line</h2>
        <span>{lineWords(state, formats)}</span>
      </div>
      <p className="quiet">{filesRateWords(work, formats)}</p>
      {work.sent === 0 ? null : <p className="quiet">{sentWords(work, formats)}</p>}
    </section>
  );
};
