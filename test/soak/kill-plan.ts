import { seededNumbers } from './random.ts';

export interface PlannedKill {
  readonly who: 'client' | 'archive';
  /** When so large a share of the library has arrived, and so much later. */
  readonly share: number;
  readonly delayMs: number;
  /** Killed once more so soon after it was started again, before it is well under way. */
  readonly againAfterMs?: number;
}

/** Nobody is killed while this share of the library goes through: there the pace is measured. */
export const QUIET = { from: 0.35, to: 0.65 } as const;

/**
 * When who is killed: at random moments, but spread over the work, so that there is progress between them. Every third
 * client is killed again while it is still starting.
 */
export const planKills = (kills: number, seed: number): readonly PlannedKill[] => {
  const random = seededNumbers(seed);
  const outsideQuiet = (part: number): number => {
    const share = part * (1 - (QUIET.to - QUIET.from));
    return share < QUIET.from ? share : share + (QUIET.to - QUIET.from);
  };
  const plan = (['client', 'archive'] as const).flatMap((who) =>
    Array.from({ length: kills }, (_, i): PlannedKill => {
      // The last ones come while there is something left to do.
      const share = outsideQuiet(((i + random()) / kills) * 0.97);
      const delayMs = Math.round(random() * 400);
      return who === 'client' && i % 3 === 0
        ? { who, share, delayMs, againAfterMs: Math.round(150 + random() * 1850) }
        : { who, share, delayMs };
    }),
  );
  return plan.toSorted((a, b) => a.share - b.share);
};
