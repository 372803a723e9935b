import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
  readonly look?: 'strong' | 'plain' | 'quiet';
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export const Button = ({ look = 'plain', children, ...rest }: Props): ReactNode => (
  <AriaButton {...rest} className={`button button-${look}`}>
    {children}
  </AriaButton>
);
