import { useCallback, useEffect, useState } from 'react';
import type { ArchiveStatus } from '../../../shared/bridge/archive-status.ts';
import { useAsk } from '../../bridge/context.tsx';

const REFRESH_MS = 10_000;

interface Told {
  readonly status: ArchiveStatus | null;
  readonly problem: string | null;
  readonly lookAgain: () => void;
}

/** How the archive stands, as it tells while somebody looks. */
export const useArchiveStatus = (): Told => {
  const { ask, problem } = useAsk();
  const [status, setStatus] = useState<ArchiveStatus | null>(null);
  const [looks, setLooks] = useState(0);
  const lookAgain = useCallback(() => setLooks((times) => times + 1), []);
  useEffect(() => {
    let isCurrent = true;
    void ask('archiveStatus', null).then((told) => {
      if (isCurrent && told !== undefined) setStatus(told);
    });
    const timer = setTimeout(lookAgain, REFRESH_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, looks, lookAgain]);
  return { status, problem, lookAgain };
};
