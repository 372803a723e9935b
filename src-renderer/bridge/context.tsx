import { createContext, use, useCallback, useEffect, useRef, useState } from 'react';
import type { Bridge, Link } from '../../shared/bridge/bridge.ts';
import { BridgeError } from '../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';

const BridgeContext = createContext<Bridge | null>(null);
export const BridgeProvider = BridgeContext.Provider;

export const useBridge = (): Bridge => {
  const bridge = use(BridgeContext);
  if (bridge === null) throw new Error('The bridge is missing around this part of the page');
  return bridge;
};

/** What the other side told last, and whether it can be heard now. */
export interface Heard {
  readonly state: PageState | null;
  readonly link: Link;
  /** When the last state came, ms since 1970. */
  readonly at: number;
}

export const useHeard = (): Heard => {
  const bridge = useBridge();
  const [heard, setHeard] = useState<Heard>({ state: null, link: 'down', at: 0 });
  useEffect(() => {
    const stopStates = bridge.onState((state) => setHeard((was) => ({ ...was, state, at: Date.now() })));
    const stopLinks = bridge.onLink((link) =>
      setHeard((was) => (was.link === link ? was : { ...was, link })),
    );
    return () => {
      stopStates();
      stopLinks();
    };
  }, [bridge]);
  return heard;
};

/** One thing that can be asked for from a place of the page, with what went wrong the last time. */
export interface Asking {
  /** Resolves to undefined where it was not done; `problem` then says why. */
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N> | undefined>;
  readonly busy: boolean;
  readonly problem: string | null;
}

export const useAsk = (): Asking => {
  const bridge = useBridge();
  const [{ busy, problem }, setOutcome] = useState<Pick<Asking, 'busy' | 'problem'>>({
    busy: false,
    problem: null,
  });
  const under = useRef(0);
  const ask = useCallback(
    async <N extends CallName>(name: N, input: CallInput<N>) => {
      under.current += 1;
      const mine = under.current;
      setOutcome({ busy: true, problem: null });
      try {
        const output = await bridge.call(name, input);
        if (mine === under.current) setOutcome({ busy: false, problem: null });
        return output;
      } catch (error) {
        if (!(error instanceof BridgeError)) throw error;
        if (mine === under.current) setOutcome({ busy: false, problem: error.message });
        return undefined;
      }
    },
    [bridge],
  );
  return { ask, busy, problem };
};
