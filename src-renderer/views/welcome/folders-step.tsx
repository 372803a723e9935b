import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { Button } from '../../controls/button.tsx';
import { AddFolders } from '../add-folders.tsx';
import { ChosenFolders } from '../chosen-folders.tsx';
import { Step, type StepProps } from './step.tsx';

interface Props extends StepProps {
  readonly state: PageState;
  readonly onNext: () => void;
}

export const FoldersStep = ({ heading, state: { libraries }, onNext }: Props): ReactNode => (
  <Step
    heading={heading}
    title="Where is your music?"
    below="Choose one folder or several. Your files are only read; Ledgerline never changes, moves or deletes them."
  >
    <AddFolders />
    {libraries.length === 0 ? null : (
      <section className="block">
        <h2>{libraries.length === 1 ? 'Your folder' : 'Your folders'}</h2>
        <ChosenFolders libraries={libraries} />
      </section>
    )}
    <div className="step-foot">
      <Button look="strong" isDisabled={libraries.length === 0} onPress={onNext}>
        Continue
      </Button>
      {libraries.length === 0 ? <p className="hint">Choose a folder to go on.</p> : null}
    </div>
  </Step>
);
