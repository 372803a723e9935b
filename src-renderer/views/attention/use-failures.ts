import { useEffect, useRef, useState } from 'react';
import type { PageFailureGroup } from '../../../shared/bridge/calls.ts';
import { useAsk } from '../../bridge/context.tsx';

/** While many fail one after another, they are not asked for each time. */
const LOOK_EVERY_MS = 2_000;

interface Failures {
  /** null: not told yet. */
  readonly groups: readonly PageFailureGroup[] | null;
  readonly problem: string | null;
}

/** What failed and what is left out, in groups; asked for anew when their numbers (`fingerprint`) are other ones. */
export const useFailures = (fingerprint: string): Failures => {
  const { ask, problem } = useAsk();
  const [groups, setGroups] = useState<Failures['groups']>(null);
  const newest = useRef(fingerprint);
  useEffect(() => {
    newest.current = fingerprint;
  }, [fingerprint]);
  useEffect(() => {
    let asked: string | undefined;
    let isCurrent = true;
    const look = (): void => {
      const count = newest.current;
      if (count === asked) return;
      asked = count;
      void ask('failures', null).then((found) => {
        if (found === undefined) asked = undefined;
        else if (isCurrent) setGroups(found);
      });
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [ask]);
  return { groups, problem };
};
