import { useEffect, useState } from 'react';
import type { Plan } from '../../../shared/bridge/plan.ts';
import { useAsk } from '../../bridge/context.tsx';

interface Planned {
  /** null: not known yet. */
  readonly plan: Plan | null;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly again: () => void;
}

/** Has the folders looked through. `about` tells what the plan is of: when that changes, it is made anew. */
export const usePlan = (about: string): Planned => {
  const { ask, busy, problem } = useAsk();
  const [turn, setTurn] = useState(0);
  const wanted = `${turn} ${about}`;
  const [found, setFound] = useState<{ readonly of: string; readonly plan: Plan } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void ask('plan', null).then((plan) => {
      if (isCurrent && plan !== undefined) setFound({ of: wanted, plan });
    });
    return () => {
      isCurrent = false;
    };
  }, [ask, wanted]);
  return {
    plan: found?.of === wanted ? found.plan : null,
    busy,
    problem,
    again: () => setTurn(turn + 1),
  };
};
