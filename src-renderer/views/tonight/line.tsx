import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { filesRateWords, lineWords } from '../../words/progress.ts';

export const Line = ({ state }: { readonly state: PageState }): ReactNode => {
  const { work } = state;
  return (
    <section className="card" aria-labelledby="line">
      <div className="card-head">
        <h2 id="line">The line</h2>
        <span>{lineWords(state, formats)}</span>
      </div>
      {work === null ? null : (
        <p className="quiet">
          {filesRateWords(work, formats)}
          <br />
          {formats.files(work.sent)}, {formats.bytes(work.bytesSent)} sent since the program was started.
        </p>
      )}
    </section>
  );
};
