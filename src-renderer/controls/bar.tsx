import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly part: number;
  readonly whole: number;
  /** For those who cannot see it. */
  readonly words: string;
}

export const Bar = ({ label, part, whole, words }: Props): ReactNode => (
  <ProgressBar
    aria-label={label}
    value={part}
    maxValue={Math.max(1, whole)}
    valueLabel={words}
    className="bar"
  >
    {({ percentage }) => <div className="bar-part" style={{ inlineSize: `${percentage ?? 0}%` }} />}
  </ProgressBar>
);
