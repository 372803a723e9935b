import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';

interface Props extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** What is wrong with it; null: nothing. */
  readonly error?: string | null;
  readonly ref?: Ref<HTMLInputElement>;
}

export const TextInput = ({ label, hint, placeholder, error = null, ref, ...rest }: Props): ReactNode => (
  <TextField {...rest} className="field" isInvalid={error !== null} validationBehavior="aria">
    <Label>{label}</Label>
    <Input {...(ref === undefined ? {} : { ref })} {...(placeholder === undefined ? {} : { placeholder })} />
    {hint === undefined ? null : (
      <Text slot="description" className="hint">
        {hint}
      </Text>
    )}
    <FieldError className="problem">{error}</FieldError>
  </TextField>
);
