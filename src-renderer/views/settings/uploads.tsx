import { useState, type ReactNode } from 'react';
import type { Settings } from '../../../shared/settings.ts';
import { NumberInput } from '../../controls/number-input.tsx';
import { Toggle } from '../../controls/toggle.tsx';
import { uploadsWords } from '../../words/settings.ts';
import { Part, type Change } from './part.tsx';

interface Props {
  readonly concurrency: Settings['concurrency'];
  readonly change: Change;
}

const FIRST_NUMBER = 4;

export const Uploads = ({ concurrency, change }: Props): ReactNode => {
  const [last, setLast] = useState(concurrency === 'auto' ? FIRST_NUMBER : concurrency);
  return (
    <Part title="Uploads at once" words={uploadsWords(concurrency)}>
      <Toggle
        isSelected={concurrency === 'auto'}
        onChange={(isAuto) => change({ concurrency: isAuto ? 'auto' : last })}
      >
        Find out by itself
      </Toggle>
      {concurrency === 'auto' ? null : (
        <NumberInput
          label="Files at a time"
          value={concurrency}
          minValue={1}
          maxValue={50}
          onChange={(count) => {
            if (!Number.isInteger(count)) return;
            setLast(count);
            change({ concurrency: count });
          }}
        />
      )}
    </Part>
  );
};
