import type { PageStanding } from './state.ts';

/** What is to be archived: all that is found but for what is no music. */
export const wanted = ({
  archived,
  waiting,
  failed,
}: Pick<PageStanding, 'archived' | 'waiting' | 'failed'>): number => archived + waiting + failed;

/** How much of the wanted is archived, from 0 to 1: by bytes where they are known, else by tracks. */
export const shareDone = (standing: PageStanding): number => {
  const bytes = standing.bytesArchived + standing.bytesWaiting;
  const all = wanted(standing);
  if (all === 0) return 0;
  if (standing.waiting === 0) return standing.archived / all;
  // Never full while something waits.
  return bytes === 0 ? standing.archived / all : Math.min(0.999, standing.bytesArchived / bytes);
};
