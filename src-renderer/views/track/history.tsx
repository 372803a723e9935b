import type { ReactNode } from 'react';
import type { TrackHappening } from '../../../shared/bridge/tracks.ts';
import { formats, useNow } from '../../clock.ts';
import { happeningWords } from '../../words/tracks.ts';

/** What is known to have happened to a track, the oldest first. */
export const History = ({ history }: { readonly history: readonly TrackHappening[] }): ReactNode => {
  const now = useNow();
  return (
    <section className="card" aria-labelledby="history">
      <div className="card-head">
        <h2 id="history">What happened</h2>
      </div>
      {history.length === 0 ? <p className="quiet">Nothing yet.</p> : null}
      <ol className="history">
        {history.map((happening, place) => (
          <li key={place} className={`history-${happening.what}`}>
            {happeningWords(happening, now, formats)}
          </li>
        ))}
      </ol>
    </section>
  );
};
