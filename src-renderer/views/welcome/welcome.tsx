import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { Mark } from '../../controls/mark.tsx';
import { LinkLost } from '../link-lost.tsx';
import { Notices } from '../notices.tsx';
import { ArchiveStep } from './archive-step.tsx';
import { FoldersStep } from './folders-step.tsx';
import { LookStep } from './look-step.tsx';

type Step = 1 | 2 | 3;

const NAMES: Readonly<Record<Step, string>> = { 1: 'Your music', 2: 'The archive', 3: 'Look and start' };

/** The first step that is still to be done. */
const stepOf = ({ libraries, archive }: PageState): Step => {
  if (libraries.length === 0) return 1;
  return archive === null ? 2 : 3;
};

interface Props {
  readonly state: PageState;
  readonly lostSince: number | null;
}

export const Welcome = ({ state, lostSince }: Props): ReactNode => {
  const [step, setStep] = useState<Step>(() => stepOf(state));
  // What a later step stands on may be taken away, by another page or the command line.
  const possible = stepOf(state);
  const shown = possible < step ? possible : step;
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else heading.current?.focus();
  }, [shown]);

  return (
    <div className="welcome">
      <header className="welcome-head">
        <Mark />
        <ol className="steps" aria-label="Steps">
          {([1, 2, 3] as const).map((each) => (
            <li key={each} aria-current={each === shown ? 'step' : undefined}>
              {NAMES[each]}
            </li>
          ))}
        </ol>
      </header>
      <main className="welcome-main" id="main">
        <LinkLost since={lostSince} />
        <Notices notices={state.notices} />
        {shown === 1 ? <FoldersStep heading={heading} state={state} onNext={() => setStep(2)} /> : null}
        {shown === 2 ? (
          <ArchiveStep heading={heading} state={state} onBack={() => setStep(1)} onNext={() => setStep(3)} />
        ) : null}
        {shown === 3 ? <LookStep heading={heading} state={state} onBack={() => setStep(2)} /> : null}
      </main>
    </div>
  );
};
