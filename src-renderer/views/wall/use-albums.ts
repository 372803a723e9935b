import { useCallback, useEffect, useState } from 'react';
import type { AlbumFilter, AlbumsOpened } from '../../../shared/bridge/albums.ts';
import { useAsk } from '../../bridge/context.tsx';

/** The numbers beside the filters are looked at again this often. */
const LOOK_EVERY_MS = 5_000;

interface Opened {
  /** What the wall shows; its order stays as it is until it is opened again. */
  readonly shown: AlbumsOpened | null;
  /** The same question asked a moment ago. */
  readonly now: AlbumsOpened | null;
  readonly problem: string | null;
  /** Shows what is there now. */
  readonly reopen: () => void;
}

export const useAlbums = (filter: AlbumFilter, search: string): Opened => {
  const { ask, problem } = useAsk();
  const [shown, setShown] = useState<AlbumsOpened | null>(null);
  const [now, setNow] = useState<AlbumsOpened | null>(null);
  const open = useCallback(async () => ask('openAlbums', { filter, search }), [ask, filter, search]);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const look = async (isFirst: boolean): Promise<void> => {
      if (!isFirst && document.hidden) return;
      const opened = await open();
      if (!isCurrent || opened === undefined) return;
      setNow(opened);
      if (isFirst) setShown(opened);
    };
    void look(true);
    const timer = setInterval(() => void look(false), LOOK_EVERY_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [open, turn]);
  return { shown, now, problem, reopen: useCallback(() => setTurn((turns) => turns + 1), []) };
};
