import type { ReactNode } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export const Search = ({ label, value, onChange }: Props): ReactNode => (
  <SearchField className="search" aria-label={label} value={value} onChange={onChange} maxLength={200}>
    <Input placeholder={label} size={label.length} />
    <Button className="search-clear" aria-label="Clear">
      ×
    </Button>
  </SearchField>
);
