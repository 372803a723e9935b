import type { ReactNode } from 'react';
import type { PageState } from '../../shared/bridge/state.ts';
import { useAsk } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';

/** What a person should read once. The place is always there, so that what comes into it is read out. */
export const Notices = ({ notices }: Pick<PageState, 'notices'>): ReactNode => {
  const { ask, problem } = useAsk();
  return (
    <>
      <div role="status">
        {notices.length === 0 ? null : (
          <ul className="notices" aria-label="Notices">
            {notices.map(({ id, message }) => (
              <li key={id} className="notice">
                <span>{message}</span>
                <Button
                  look="quiet"
                  onPress={() => void ask('dismiss', id)}
                  aria-label={`Dismiss: ${message}`}
                >
                  Dismiss
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Problem text={problem} />
    </>
  );
};
