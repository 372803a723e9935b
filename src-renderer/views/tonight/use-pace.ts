import { useEffect, useState } from 'react';
import type { Pace } from '../../../shared/bridge/pace.ts';
import { useAsk } from '../../bridge/context.tsx';

const HOURS = 8;
/** As often as something new is written down. */
const LOOK_EVERY_MS = 60_000;

/** How fast it went; null until it is told. Asked for only while somebody can see it. */
export const usePace = (): Pace | null => {
  const { ask } = useAsk();
  const [pace, setPace] = useState<Pace | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const look = (): void => {
      if (document.hidden) return;
      void ask('pace', { hours: HOURS }).then((told) => {
        if (isCurrent && told !== undefined) setPace(told);
      });
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      isCurrent = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ask]);
  return pace;
};
