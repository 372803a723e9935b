import type { ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { formats } from '../clock.ts';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly {
    readonly value: T;
    readonly name: string;
    readonly count?: number | undefined;
  }[];
}

/** One of a few, with how many there are. */
export const Filters = <T extends string>({ label, value, onChange, options }: Props<T>): ReactNode => (
  <ToggleButtonGroup
    className="filters"
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(keys) => {
      const chosen = options.find((option) => keys.has(option.value));
      if (chosen !== undefined) onChange(chosen.value);
    }}
  >
    {options.map(({ value: id, name, count }) => (
      <ToggleButton key={id} id={id} className="filter">
        {count === undefined || count === 0 ? name : `${name} ${formats.count(count)}`}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
);
