import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useAsk } from '../../bridge/context.tsx';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { ArchiveFacts } from '../archive-facts.tsx';
import { useStart } from '../use-start.ts';
import { Step, type StepProps } from './step.tsx';

interface Props extends StepProps {
  readonly state: PageState;
  readonly onBack: () => void;
}

export const LookStep = ({ heading, state, onBack }: Props): ReactNode => {
  const { start, busy, problem } = useStart(useAsk());
  const { libraries, archive } = state;
  return (
    <Step
      heading={heading}
      title="Ready when you are."
      below="Ledgerline looks through your music and sends what is not archived yet. It keeps its place: you can pause, stop or lose the line at any time."
    >
      <dl className="plan card">
        <dt>{libraries.length === 1 ? 'From' : `From ${libraries.length} folders`}</dt>
        <dd>
          <ul className="plain">
            {libraries.map(({ id, path }) => (
              <li key={id}>
                <bdi className="path">{path}</bdi>
              </li>
            ))}
          </ul>
        </dd>
        <dt>To</dt>
        <dd>{archive === null ? null : <ArchiveFacts archive={archive} />}</dd>
      </dl>
      <Problem text={problem} />
      <div className="step-foot">
        <Button look="strong" isPending={busy} onPress={start}>
          Start
        </Button>
        <Button onPress={onBack}>Back</Button>
      </div>
    </Step>
  );
};
