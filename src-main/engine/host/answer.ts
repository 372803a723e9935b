import {
  CALLS,
  isCallName,
  type CallInput,
  type CallName,
  type CallOutput,
} from '../../../shared/bridge/calls.ts';
import type { ToPage } from '../../../shared/bridge/bridge.ts';
import { fromPageSchema } from '../../../shared/bridge/bridge.ts';
import { isFault, troubleOf } from './troubles.ts';

/** Those calls that this side does, each checked against its schema before it is done. */
type SomeCalls = {
  readonly [N in CallName]?: (input: CallInput<N>) => Promise<CallOutput<N>> | CallOutput<N>;
};

/**
 * One message of a page, whatever carries it: checked, done, and answered in words. Undefined where it is no message
 * at all, so that nobody would know the answer.
 */
export const answer = async (
  calls: SomeCalls,
  message: unknown,
  onFault: (error: unknown) => void,
): Promise<ToPage | undefined> => {
  const { data: asked } = fromPageSchema.safeParse(message);
  if (asked === undefined) return undefined;
  const { id, call, input } = asked;
  const refused = (code: string, words: string): ToPage => ({
    kind: 'refused',
    id,
    error: { code, message: words },
  });
  if (!isCallName(call)) return refused('unknown_call', 'This page and the program are of different ages.');
  const checked = CALLS[call].input.safeParse(input);
  if (!checked.success) return refused('bad_input', 'This is nothing that can be done.');
  // The schema of this very call has let its input through.
  const work = Object.hasOwn(calls, call)
    ? (calls as Readonly<Record<string, (checked: unknown) => unknown>>)[call]
    : undefined;
  if (work === undefined) return refused('not_here', 'This program cannot do that.');
  try {
    return { kind: 'done', id, output: await work(checked.data) };
  } catch (error) {
    if (isFault(error)) onFault(error);
    const { code, message: words } = troubleOf(error);
    return refused(code, words);
  }
};
