import { useState, type ReactNode } from 'react';
import { formats } from '../../clock.ts';
import { NumberInput } from '../../controls/number-input.tsx';
import { Toggle } from '../../controls/toggle.tsx';
import { lineLimitOf, lineLimitWords, megabytesOf } from '../../words/settings.ts';
import { Part, type Change } from './part.tsx';

interface Props {
  readonly lineLimit: number | null;
  readonly change: Change;
}

const FIRST_LIMIT = 4_000_000;

export const LineLimit = ({ lineLimit, change }: Props): ReactNode => {
  const [last, setLast] = useState(lineLimit ?? FIRST_LIMIT);
  return (
    <Part title="The line" words={lineLimitWords(lineLimit, formats)}>
      <Toggle isSelected={lineLimit !== null} onChange={(isOn) => change({ lineLimit: isOn ? last : null })}>
        Leave room for others
      </Toggle>
      {lineLimit === null ? null : (
        <NumberInput
          label="At most"
          unit="MB/s"
          value={megabytesOf(lineLimit)}
          maxValue={10_000}
          // No least value: steps would be counted from it. What is too little is not taken.
          formatOptions={{ maximumFractionDigits: 2 }}
          onChange={(megabytes) => {
            const limit = lineLimitOf(megabytes);
            if (limit === undefined) return;
            setLast(limit);
            change({ lineLimit: limit });
          }}
        />
      )}
    </Part>
  );
};
