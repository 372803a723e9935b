import type { ReactNode } from 'react';
import { Group, Input, Label, NumberField, type NumberFieldProps } from 'react-aria-components';
import { Button } from './button.tsx';

interface Props extends Omit<NumberFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  /** Stands behind the number. */
  readonly unit?: string;
}

export const NumberInput = ({ label, unit, ...rest }: Props): ReactNode => (
  <NumberField {...rest} className="field field-number">
    <Label>{label}</Label>
    <div className="field-line">
      <Group className="stepper">
        <Button slot="decrement" look="quiet">
          −
        </Button>
        <Input />
        <Button slot="increment" look="quiet">
          +
        </Button>
      </Group>
      {unit === undefined ? null : <span className="unit">{unit}</span>}
    </div>
  </NumberField>
);
