import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { formats, useNow } from '../../clock.ts';
import { sentence } from '../../words/sentence.ts';
import { TheSentence } from '../the-sentence.tsx';
import { InFlight } from './in-flight.tsx';
import { Libraries } from './libraries.tsx';
import { Line } from './line.tsx';
import { PauseOrResume } from './pause-or-resume.tsx';
import { Stave } from './stave.tsx';
import { Trouble } from './trouble.tsx';
import { WaitingList } from './waiting-list.tsx';

export const Tonight = ({ state }: { readonly state: PageState }): ReactNode => {
  const now = useNow();
  return (
    <>
      <div className="opening">
        <TheSentence sentence={sentence(state, now, formats)} />
        {state.trouble === null ? <PauseOrResume state={state} now={now} /> : null}
      </div>
      {state.trouble === null ? null : <Trouble state={state} />}
      <Stave state={state} />
      <div className="cards">
        <div className="cards-column">
          <InFlight state={state} />
          <Libraries libraries={state.libraries} />
        </div>
        <div className="cards-column">
          <Line state={state} />
          <WaitingList state={state} />
        </div>
      </div>
    </>
  );
};
