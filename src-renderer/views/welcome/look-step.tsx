import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useAsk } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { planSentence } from '../../words/plan.ts';
import { ArchiveFacts } from '../archive-facts.tsx';
import { useStart } from '../use-start.ts';
import { Step, type StepProps } from './step.tsx';
import { ThePlan } from './the-plan.tsx';
import { usePlan } from './use-plan.ts';

interface Props extends StepProps {
  readonly state: PageState;
  readonly onBack: () => void;
}

export const LookStep = ({ heading, state, onBack }: Props): ReactNode => {
  const { libraries, archive } = state;
  const { start, busy, problem } = useStart(useAsk());
  const planned = usePlan(JSON.stringify([libraries.map(({ id }) => id), archive?.kind, archive?.place]));
  const { plan } = planned;
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
            {libraries.map(({ id, path, trouble }) => (
              <li key={id}>
                <bdi className="path">{path}</bdi>
                {trouble === null ? null : <p className="problem">{trouble}</p>}
              </li>
            ))}
          </ul>
        </dd>
        <dt>To</dt>
        <dd>{archive === null ? null : <ArchiveFacts archive={archive} />}</dd>
        {plan === null ? null : <ThePlan plan={plan} />}
      </dl>
      <p className={plan === null ? 'plan-wait quiet' : 'visually-hidden'} role="status">
        {plan === null ? (planned.busy ? LOOKING : '') : planSentence(plan, formats)}
      </p>
      {/* While Start is under way, the look that it ended is no news. */}
      <Problem text={problem ?? (busy ? null : planned.problem)} />
      <div className="step-foot">
        <Button look="strong" isPending={busy} onPress={start}>
          Start
        </Button>
        {planned.problem === null || busy ? null : <Button onPress={planned.again}>Look again</Button>}
        <Button onPress={onBack}>Back</Button>
      </div>
    </Step>
  );
};

const LOOKING = 'Looking through your folders… You need not wait for it to start.';
