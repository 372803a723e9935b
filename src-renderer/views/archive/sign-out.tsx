import type { ReactNode } from 'react';
import { useCapabilities } from '../../bridge/capabilities.ts';
import { useAsk } from '../../bridge/context.tsx';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { NOT_KEPT, SIGN_OUT_AWAY } from '../../words/archive.ts';

interface Props {
  /** We are not in touch with the archive. */
  readonly isAway: boolean;
  readonly onDone: () => void;
}

export const SignOut = ({ isAway, onDone }: Props): ReactNode => {
  const { ask, busy, problem } = useAsk();
  const capabilities = useCapabilities();
  const signOut = async (): Promise<void> => {
    if ((await ask('signOut', null)) !== undefined) onDone();
  };
  return (
    <>
      {capabilities?.secrets === 'memory' ? <p className="hint">{NOT_KEPT}</p> : null}
      <Problem text={problem} />
      <Button isPending={busy} onPress={() => void signOut()}>
        Sign out
      </Button>
      <p className="hint">{isAway ? SIGN_OUT_AWAY : 'What is archived stays so.'}</p>
    </>
  );
};
