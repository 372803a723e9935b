import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { isTelling } from '../../words/curve.ts';
import { filesRateWords, lineWords, sentWords } from '../../words/progress.ts';

import { Curve } from './curve.tsx';
import { usePace } from './use-pace.ts';

export const Line = ({ state }: { readonly state: PageState }): ReactNode => {
  const { work } = state;
  const pace = usePace();
  if (work === null) return null;
  return (
    <section className="card" aria-labelledby="line">
      <div className="card-head">
        <h2 id="line">The line</h2>
        <span>{lineWords(state, formats)}</span>
      </div>
      {pace === null || !isTelling(pace) ? null : <Curve pace={pace} />}
      <p className="quiet">{filesRateWords(work, formats)}</p>
      {work.sent === 0 ? null : <p className="quiet">{sentWords(work, formats)}</p>}
    </section>
  );
};
