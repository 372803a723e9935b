import { useId, type ReactNode } from 'react';
import type { CallInput } from '../../../shared/bridge/calls.ts';

export type Change = (some: CallInput<'changeSettings'>) => void;

interface Props {
  readonly title: string;
  /** What it comes to, in a line. */
  readonly words?: string;
  readonly children: ReactNode;
}

/** One thing that can be set. */
export const Part = ({ title, words, children }: Props): ReactNode => {
  const id = useId();
  return (
    <section className="card part" aria-labelledby={id}>
      <div className="part-words">
        <h2 id={id}>{title}</h2>
        {words === undefined ? null : <p className="soft">{words}</p>}
      </div>
      <div className="part-controls">{children}</div>
    </section>
  );
};
