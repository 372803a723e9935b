import { useState, type ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { Button } from '../../controls/button.tsx';
import { Choice } from '../../controls/choice.tsx';
import { ServerForm } from '../server-form.tsx';
import { Here } from './archive-here.tsx';
import { Step, type StepProps } from './step.tsx';

interface Props extends StepProps {
  readonly state: PageState;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

type Kind = 'here' | 'server';

const OPTIONS = [
  { value: 'here', title: 'On this computer', below: 'Nothing to set up. It needs room for a second copy.' },
  {
    value: 'server',
    title: 'On a server',
    below: 'An archive that you or somebody else runs; you need an account there.',
  },
] as const satisfies readonly { readonly value: Kind; readonly title: string; readonly below: string }[];

export const ArchiveStep = ({ heading, state: { archive }, onBack, onNext }: Props): ReactNode => {
  const [kind, setKind] = useState<Kind | null>(archive?.kind ?? null);
  return (
    <Step
      heading={heading}
      title="Where shall it be kept?"
      below="The archive keeps a copy of every track, checked byte by byte when it arrives."
    >
      <Choice label="Where the archive is" value={kind} onChange={setKind} options={OPTIONS} />
      {kind === 'here' ? <Here archive={archive} onNext={onNext} /> : null}
      {kind === 'server' ? (
        <section className="card card-form" aria-label="Sign in to the server">
          <ServerForm
            {...(archive?.kind === 'server' ? { url: archive.place, email: archive.email } : {})}
            verb="Sign in and continue"
            onDone={onNext}
          />
        </section>
      ) : null}
      <div className="step-foot">
        <Button onPress={onBack}>Back</Button>
      </div>
    </Step>
  );
};
