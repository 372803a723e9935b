import type { ReactNode } from 'react';

/** What went wrong with what was just asked for. The place is always there, so that it is read out when it fills. */
export const Problem = ({ text }: { readonly text: string | null }): ReactNode => (
  <div role="alert" className="problem-place">
    {text === null ? null : <p className="problem">{text}</p>}
  </div>
);
