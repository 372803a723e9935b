import type { ReactNode, RefObject } from 'react';

export interface StepProps {
  /** Gets the focus when the step is gone to, so that it is read out. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

interface Props extends StepProps {
  readonly title: ReactNode;
  readonly below: string;
  readonly children: ReactNode;
}

export const Step = ({ heading, title, below, children }: Props): ReactNode => (
  <>
    <h1 className="sentence" ref={heading} tabIndex={-1}>
      {title}
    </h1>
    <p className="below">{below}</p>
    {children}
  </>
);
