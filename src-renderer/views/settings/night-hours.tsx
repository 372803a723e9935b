import { useState, type ReactNode } from 'react';
import type { NightWindow } from '../../../shared/settings.ts';
import { formats } from '../../clock.ts';
import { TextInput } from '../../controls/text-input.tsx';
import { Toggle } from '../../controls/toggle.tsx';
import { nightWords } from '../../words/settings.ts';
import { Part, type Change } from './part.tsx';

interface Props {
  readonly nightWindow: NightWindow | null;
  readonly change: Change;
}

const FIRST_NIGHT: NightWindow = { from: '22:00', to: '07:00' };

export const NightHours = ({ nightWindow, change }: Props): ReactNode => {
  const [last, setLast] = useState(nightWindow ?? FIRST_NIGHT);
  /** While a time is being typed the browser says that there is none. */
  const set = (some: Partial<NightWindow>): void => {
    const wished = { ...last, ...some };
    setLast(wished);
    if (wished.from !== '' && wished.to !== '') change({ nightWindow: wished });
  };
  return (
    <Part title="Hours of the night" words={nightWords(nightWindow, formats)}>
      <Toggle
        isSelected={nightWindow !== null}
        onChange={(isOn) => change({ nightWindow: isOn ? last : null })}
      >
        Send only at night
      </Toggle>
      {nightWindow === null ? null : (
        <div className="field-row">
          <TextInput type="time" label="From" value={last.from} onChange={(from) => set({ from })} />
          <TextInput type="time" label="Until" value={last.to} onChange={(to) => set({ to })} />
        </div>
      )}
    </Part>
  );
};
