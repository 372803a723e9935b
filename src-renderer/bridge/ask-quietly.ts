import { BridgeError, type Bridge } from '../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';

/** Asks for what is asked for again in a moment anyway: undefined where nobody answered. */
export const askQuietly = async <N extends CallName>(
  bridge: Bridge,
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N> | undefined> => {
  try {
    return await bridge.call(name, input);
  } catch (error) {
    if (error instanceof BridgeError) return undefined;
    throw error;
  }
};
