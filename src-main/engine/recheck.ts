import type { Song } from '../../shared/api/songs.ts';
import type { ArchiveConnection } from './archive/connect.ts';
import type { Clock } from './clock.ts';
import { EngineError } from './errors.ts';
import type { ConfirmedHolding } from './ledger/holdings.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Reporter } from './report.ts';
import { judge, type Verdict } from './transfer/failure.ts';

/** Asks the archive again for what it said it has; what it has lost goes back to the queue. */
export interface Recheck {
  /** Asks for the next batch, unless one is under way. False: there is nothing (more) to ask for. */
  readonly begin: () => boolean;
  readonly busy: () => boolean;
  /** For a run that goes on: what has become due meanwhile is asked for as well. */
  readonly again: () => void;
  readonly result: () => RecheckResult;
}

export interface RecheckResult {
  /** Contents that the archive was asked for again in this run. */
  readonly asked: number;
  /** Those among them that it has no more. */
  readonly lost: number;
  /** Whether everything was asked for that should be. */
  readonly complete: boolean;
  /** What kept the archive from answering. */
  readonly trouble?: string;
}

export interface RecheckDeps {
  readonly ledger: Ledger;
  readonly connection: Pick<ArchiveConnection, 'client' | 'discovery'>;
  readonly clock: Clock;
  readonly archiveId: number;
  readonly libraryIds: readonly number[];
  /** Everything, and not only what was confirmed last more than a week ago. */
  readonly all: boolean;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  /** An archived holding is open again. */
  readonly reopened: (holdingId: number) => void;
  readonly onTrouble: (verdict: Verdict) => Promise<boolean>;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
}

/** What was confirmed so long ago is asked for again. */
export const CONFIRMED_FOR_MS = 7 * 24 * 3_600_000;
/** A run that has something else to do takes on no more; the others are due in the next one. */
const MOST_IN_A_RUN = 20_000;
const BEGINNING = { confirmedAt: -1, id: 0 };

export const createRecheck = (deps: RecheckDeps): Recheck => {
  const { ledger, connection, clock, archiveId, libraryIds } = deps;
  const atOnce = connection.discovery?.limits.batch ?? 1;
  const startedAt = clock.now();
  let { all } = deps;
  let after: Pick<ConfirmedHolding, 'confirmedAt' | 'id'> = BEGINNING;
  let left = all ? Infinity : MOST_IN_A_RUN;
  let asking = false;
  let over = false;
  let trouble: string | undefined;
  let asked = 0;
  let lost = 0;

  const nextBatch = (): readonly ConfirmedHolding[] => {
    const until = all ? startedAt : clock.now() - CONFIRMED_FOR_MS;
    return ledger.holdings.toConfirm(archiveId, libraryIds, until, after, Math.min(atOnce, left));
  };

  /** Its verdict holds for all as a flight's does; only the run itself does not fail by it. */
  const giveUp = async (error: unknown): Promise<void> => {
    over = true;
    if (deps.signal.aborted) return;
    if (!(error instanceof EngineError)) throw error;
    trouble = error.message;
    await deps.onTrouble(judge(error, 'known'));
  };

  const ask = async (batch: readonly ConfirmedHolding[]): Promise<void> => {
    let songs: readonly (Song | null)[];
    try {
      songs = await Promise.all(
        batch.map(({ sha256, byteSize }) =>
          connection.client.known({ sha256: Buffer.from(sha256).toString('hex'), byte_size: byteSize }),
        ),
      );
    } catch (error) {
      return giveUp(error);
    }
    const gone = batch.filter((holding, i) => !holds(songs[i], holding));
    const now = clock.now();
    await ledger.commit(() => {
      for (const { id } of batch) ledger.holdings.confirmed(id, now);
      for (const { id } of gone) ledger.holdings.lost(id);
    });
    asked += batch.length;
    lost += gone.length;
    left -= batch.length;
    for (const { id, contentId } of gone) {
      deps.reopened(id);
      const [track] = ledger.tracks.withContent(contentId, libraryIds, 1);
      if (track !== undefined) deps.report.track(track, LOST);
    }
  };

  const complete = (): boolean => over && trouble === undefined;

  return {
    begin: () => {
      if (asking) return true;
      if (over) return false;
      const batch = nextBatch();
      const last = batch.at(-1);
      if (last === undefined) {
        over = true;
        return false;
      }
      after = last;
      asking = true;
      void ask(batch)
        .catch(deps.stopOn)
        .finally(() => {
          asking = false;
          deps.wake();
        });
      return true;
    },
    busy: () => asking,
    again: () => {
      if (asking) return;
      all &&= !complete();
      after = BEGINNING;
      left = all ? Infinity : MOST_IN_A_RUN;
      trouble = undefined;
      over = false;
    },
    result: () => ({
      asked,
      lost,
      complete: complete(),
      ...(trouble === undefined ? {} : { trouble }),
    }),
  };
};

const LOST = {
  outcome: 'retry',
  seconds: 0,
  code: 'lost_by_archive',
  message: 'The archive no longer has this file; it is sent again.',
} as const;

/** An answer that tells of other bytes is none that has ours. */
const holds = (song: Song | null | undefined, { sha256, byteSize }: ConfirmedHolding): boolean =>
  song?.sha256 === Buffer.from(sha256).toString('hex') && song.byte_size === byteSize;
