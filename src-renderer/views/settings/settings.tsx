import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useCapabilities } from '../../bridge/capabilities.ts';
import { useAsk } from '../../bridge/context.tsx';
import { Problem } from '../../controls/problem.tsx';
import { ArchiveFacts } from '../archive-facts.tsx';
import { Battery } from './battery.tsx';
import { Exclusions } from './exclusions.tsx';
import { Folders } from './folders.tsx';
import { LineLimit } from './line-limit.tsx';
import { NightHours } from './night-hours.tsx';
import type { Change } from './part.tsx';
import { Part } from './part.tsx';
import { ThisApp } from './this-app.tsx';
import { Uploads } from './uploads.tsx';

export const Settings = ({ state }: { readonly state: PageState }): ReactNode => {
  const { ask, problem } = useAsk();
  const change: Change = (some) => void ask('changeSettings', some);
  const capabilities = useCapabilities();
  const { lineLimit, nightWindow, concurrency, pauseOnBattery, exclusions } = state.settings;
  return (
    <>
      <div className="opening">
        <div className="opening-words">
          <h1 className="sentence">At your pace.</h1>
          <p className="below">What you change here holds at once, also for what is under way.</p>
        </div>
      </div>
      <Problem text={problem} />
      <div className="parts">
        <LineLimit lineLimit={lineLimit} change={change} />
        <NightHours nightWindow={nightWindow} change={change} />
        <Uploads concurrency={concurrency} change={change} />
        {capabilities?.battery === true ? <Battery pauseOnBattery={pauseOnBattery} change={change} /> : null}
        <Folders libraries={state.libraries} />
        <Exclusions exclusions={exclusions} />
        {state.archive === null ? null : (
          <Part title="Archive">
            <ArchiveFacts archive={state.archive} />
          </Part>
        )}
        {capabilities?.preferences === true ? <ThisApp /> : null}
      </div>
    </>
  );
};
