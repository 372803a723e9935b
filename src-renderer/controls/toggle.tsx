import type { ReactNode } from 'react';
import { Switch, type SwitchProps } from 'react-aria-components';

interface Props extends Omit<SwitchProps, 'className' | 'style' | 'children'> {
  readonly children: ReactNode;
}

export const Toggle = ({ children, ...rest }: Props): ReactNode => (
  <Switch {...rest} className="toggle">
    <span className="toggle-track" aria-hidden="true" />
    {children}
  </Switch>
);
