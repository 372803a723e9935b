import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { measuresOf } from '../../words/nights.ts';
import { bytesWords, shareDone, shareWords } from '../../words/progress.ts';
import { tracks } from '../../words/sentence.ts';
import { Drawing } from './drawing.tsx';
import { Measures } from './measures.tsx';
import { useWidth } from './use-width.ts';

/** The progress picture: a measure for each night, in the lamp's colour up to now, with the double bar at the end. */
export const Stave = ({ state }: { readonly state: PageState }): ReactNode => {
  const { standing, nights, work } = state;
  const [ref, width] = useWidth<HTMLDivElement>();
  const isLooking = work?.scanning ?? false;
  const measures = measuresOf(nights, formats);
  // One night is what all of it is; the measures of several are of the work under way.
  const share = measures.length < 2 ? shareDone(standing) : doneOf(measures);
  const isDone = !isLooking && standing.waiting === 0 && standing.failed === 0 && standing.archived > 0;
  const words = `${bytesWords(standing, formats)}, ${shareWords(standing, formats)}`;
  return (
    <figure className="stave">
      <div ref={ref} className="stave-picture">
        <div role="img" aria-label={`Archived: ${words}`}>
          {width === 0 ? null : (
            <Drawing
              width={width}
              share={share}
              bars={measures.slice(1).map(({ start }) => start)}
              isLooking={isLooking}
              isDone={isDone}
            />
          )}
        </div>
        {measures.length < 2 ? null : <Measures measures={measures} width={width} />}
      </div>
      <figcaption className="stave-words">
        <span>{words}</span>
        {standing.waiting === 0 ? null : (
          <span>
            {tracks(standing.waiting, formats)}, {formats.bytes(standing.bytesWaiting)} to go
          </span>
        )}
      </figcaption>
    </figure>
  );
};

const doneOf = (measures: ReturnType<typeof measuresOf>): number =>
  measures.reduce((sum, { share, done }) => sum + share * done, 0);
