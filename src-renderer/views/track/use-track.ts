import { useCallback, useEffect, useState } from 'react';
import type { TrackDetail } from '../../../shared/bridge/tracks.ts';
import { useAsk } from '../../bridge/context.tsx';

const REFRESH_MS = 4_000;

interface Told {
  /** undefined: nobody has said yet; null: there is no such track. */
  readonly track: TrackDetail | null | undefined;
  readonly problem: string | null;
  readonly lookAgain: () => void;
}

/** One track with everything that is known of it, kept fresh. */
export const useTrack = (id: number): Told => {
  const { ask, problem } = useAsk();
  const [told, setTold] = useState<{ readonly id: number; readonly track: TrackDetail | null }>();
  const [looks, setLooks] = useState(0);
  const lookAgain = useCallback(() => setLooks((times) => times + 1), []);
  useEffect(() => {
    let isCurrent = true;
    void ask('track', id).then((track) => {
      if (isCurrent && track !== undefined) setTold({ id, track });
    });
    const timer = setTimeout(lookAgain, REFRESH_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [ask, id, looks, lookAgain]);
  return { track: told?.id === id ? told.track : undefined, problem, lookAgain };
};
