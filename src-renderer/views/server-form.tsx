import { useRef, useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import type { FormResult } from '../../shared/bridge/calls.ts';
import { useCapabilities } from '../bridge/capabilities.ts';
import { useAsk } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';
import { TextInput } from '../controls/text-input.tsx';
import { Toggle } from '../controls/toggle.tsx';

interface Props {
  readonly url?: string;
  readonly email?: string;
  readonly verb: string;
  readonly onDone: () => void;
}

const MEMORY_ONLY =
  'Your password is kept only as long as Ledgerline runs: this computer offers no safe place for it.';

/** Signs in to an archive on a server; what is wrong stands beside the field that it is about. */
export const ServerForm = ({ url = '', email = '', verb, onDone }: Props): ReactNode => {
  const { ask, busy, problem } = useAsk();
  const [typed, setTyped] = useState({ url, email, password: '' });
  const [wantsKeeping, setWantsKeeping] = useState(true);
  const secrets = useCapabilities()?.secrets;
  const [wrong, setWrong] = useState<Extract<FormResult, { ok: false }> | null>(null);
  const inputs = {
    url: useRef<HTMLInputElement>(null),
    email: useRef<HTMLInputElement>(null),
    password: useRef<HTMLInputElement>(null),
  };
  type Field = keyof typeof inputs;

  const send = async (agreed: { readonly inClear?: true } = {}): Promise<void> => {
    setWrong(null);
    const keep = secrets === 'system' && wantsKeeping;
    const result = await ask('useArchiveAt', { ...typed, ...agreed, keep });
    if (result === undefined) return;
    if (result.ok) return onDone();
    setWrong(result);
    if (result.field !== null && result.field !== 'folder') inputs[result.field].current?.focus();
  };
  const field = (name: Field) => ({
    ref: inputs[name],
    value: typed[name],
    isRequired: true,
    error: wrong?.field === name ? wrong.message : null,
    onChange: (value: string) => {
      setTyped((was) => ({ ...was, [name]: value }));
      if (wrong?.field === name) setWrong(null);
    },
  });
  const beside = wrong?.field === null || wrong?.field === 'folder' ? wrong.message : null;

  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextInput
        {...field('url')}
        label="Address of the archive"
        placeholder="https://archive.example.org"
        inputMode="url"
        autoComplete="url"
      />
      <TextInput {...field('email')} label="E-mail" type="email" autoComplete="username" />
      <TextInput {...field('password')} label="Password" type="password" autoComplete="current-password" />
      {secrets === undefined ? null : secrets === 'system' ? (
        <Toggle isSelected={wantsKeeping} onChange={setWantsKeeping}>
          Stay signed in on this computer
        </Toggle>
      ) : (
        <p className="hint">{MEMORY_ONLY}</p>
      )}
      <Problem text={problem ?? beside} />
      {wrong?.confirm === undefined ? null : (
        <Button onPress={() => void send({ inClear: true })}>Sign in unencrypted all the same</Button>
      )}
      <Button type="submit" look="strong" isPending={busy}>
        {busy ? 'Signing in…' : verb}
      </Button>
    </Form>
  );
};
