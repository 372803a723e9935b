import type { ReactNode } from 'react';
import { Toggle } from '../../controls/toggle.tsx';
import { Part, type Change } from './part.tsx';

interface Props {
  readonly pauseOnBattery: boolean;
  readonly change: Change;
}

export const Battery = ({ pauseOnBattery, change }: Props): ReactNode => (
  <Part
    title="Battery"
    words={
      pauseOnBattery
        ? 'Nothing is sent while the computer runs on its battery.'
        : 'It goes on when the computer runs on its battery.'
    }
  >
    <Toggle isSelected={pauseOnBattery} onChange={(isOn) => change({ pauseOnBattery: isOn })}>
      Pause on battery
    </Toggle>
  </Part>
);
