import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly title: string; readonly below?: string }[];
}

/** One of a few, with a word about each. */
export const Choice = <T extends string>({ label, value, onChange, options }: Props<T>): ReactNode => (
  <RadioGroup
    className="choice"
    value={value}
    onChange={(chosen) => {
      const option = options.find((one) => one.value === chosen);
      if (option !== undefined) onChange(option.value);
    }}
  >
    <Label className="visually-hidden">{label}</Label>
    {options.map(({ value: each, title, below }) => (
      <Radio key={each} value={each} className="choice-one">
        <span className="choice-dot" aria-hidden="true" />
        <span>
          <span className="choice-title">{title}</span>
          {below === undefined ? null : <span className="hint">{below}</span>}
        </span>
      </Radio>
    ))}
  </RadioGroup>
);
