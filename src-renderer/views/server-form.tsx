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
  'Your password is kept only as long as Ledgerline runs: no safe place for it is open on this computer.';
const LOG_IN_KEPT =
  'What this computer’s key store keeps is a log-in that the archive can end at any time, not your password.';
const PASSWORD_KEPT =
  'This computer’s key store would keep your password itself. If not, you are asked for it when Ledgerline is started again.';

/** Signs in to an archive on a server; what is wrong stands beside the field that it is about. */
export const ServerForm = ({ url = '', email = '', verb, onDone }: Props): ReactNode => {
  const { ask, busy, problem } = useAsk();
  const [typed, setTyped] = useState({ url, email, password: '' });
  const [wantsKeeping, setWantsKeeping] = useState(true);
  /** An address of whose archive only the password itself could be kept: that is nobody's wish until they say so. */
  const [passwordOnlyAt, setPasswordOnlyAt] = useState<string | null>(null);
  const [wantsPasswordKept, setWantsPasswordKept] = useState(false);
  const isPasswordOnly = passwordOnlyAt === typed.url;
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
    const wished = isPasswordOnly ? wantsPasswordKept : wantsKeeping;
    const keep = secrets === 'system' && wished;
    const itself = keep && isPasswordOnly ? { keepPassword: true } : {};
    const result = await ask('useArchiveAt', { ...typed, ...agreed, keep, ...itself });
    if (result === undefined) return;
    if (result.ok) return onDone();
    if (result.confirm === 'keepPassword') {
      setWantsPasswordKept(false);
      setPasswordOnlyAt(typed.url);
    }
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
      {secrets === 'system' && !isPasswordOnly ? (
        <Toggle isSelected={wantsKeeping} onChange={setWantsKeeping}>
          Stay signed in on this computer
        </Toggle>
      ) : null}
      {secrets === 'system' && isPasswordOnly ? (
        <Toggle isSelected={wantsPasswordKept} onChange={setWantsPasswordKept}>
          Keep my password on this computer
        </Toggle>
      ) : null}
      {secrets === undefined ? null : (
        <p className="hint">
          {secrets === 'memory' ? MEMORY_ONLY : isPasswordOnly ? PASSWORD_KEPT : LOG_IN_KEPT}
        </p>
      )}
      <Problem text={problem ?? beside} />
      {wrong?.confirm !== 'inClear' ? null : (
        <Button onPress={() => void send({ inClear: true })}>Sign in unencrypted all the same</Button>
      )}
      <Button type="submit" look="strong" isPending={busy}>
        {busy ? 'Signing in…' : verb}
      </Button>
    </Form>
  );
};
