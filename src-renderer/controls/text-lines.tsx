import type { ReactNode, Ref } from 'react';
import { FieldError, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components';

interface Props extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  readonly hint?: string;
  readonly rows: number;
  /** What is wrong with it; null: nothing. */
  readonly error?: string | null;
  readonly areaRef?: Ref<HTMLTextAreaElement>;
}

export const TextLines = ({ label, hint, rows, error = null, areaRef, ...rest }: Props): ReactNode => (
  <TextField {...rest} className="field" isInvalid={error !== null} validationBehavior="aria">
    <Label>{label}</Label>
    <TextArea ref={areaRef} rows={rows} spellCheck="false" />
    {hint === undefined ? null : (
      <Text slot="description" className="hint">
        {hint}
      </Text>
    )}
    <FieldError className="problem">{error}</FieldError>
  </TextField>
);
