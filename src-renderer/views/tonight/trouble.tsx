import type { ReactNode } from 'react';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useAsk } from '../../bridge/context.tsx';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { ServerForm } from '../server-form.tsx';
import { useStart } from '../use-start.ts';

/** What somebody can do about what ended the work. */
export const Trouble = ({ state: { archive, trouble } }: { readonly state: PageState }): ReactNode => {
  const asking = useAsk();
  const { start, busy, problem } = useStart(asking);
  if (trouble?.code === 'signed_out' && archive?.kind === 'server')
    return (
      <section className="card card-form" aria-label="Sign in again">
        <ServerForm url={archive.place} email={archive.email} verb="Sign in again" onDone={() => undefined} />
      </section>
    );
  return (
    <div className="again">
      <Button look="strong" isPending={busy} onPress={start}>
        Try again
      </Button>
      <Problem text={problem} />
    </div>
  );
};
