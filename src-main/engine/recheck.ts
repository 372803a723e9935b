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
  /** The archive is known to have lost something: from now on it is asked for everything. */
  readonly everything: () => void;
  readonly result: () => RecheckResult;
}

export interface RecheckResult {
  /** Contents that the archive was asked for again in this run, without the newest, that every run asks for. */
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
  let askedNewest = all;
  let asking = false;
  let over = false;
  let trouble: string | undefined;
  let asked = 0;
  let lost = 0;

  const everything = (): void => {
    all = true;
    after = BEGINNING;
    left = Infinity;
    over = false;
  };

  const nextBatch = (): readonly ConfirmedHolding[] => {
    const until = all ? startedAt : clock.now() - CONFIRMED_FOR_MS;
    const batch = ledger.holdings.toConfirm(archiveId, libraryIds, until, after, Math.min(atOnce, left));
    after = batch.at(-1) ?? after;
    return batch;
  };

  /** Its verdict holds for all as a flight's does; only the run itself does not fail by it. */
  const giveUp = async (error: unknown): Promise<void> => {
    over = true;
    if (deps.signal.aborted) return;
    if (!(error instanceof EngineError)) throw error;
    trouble = error.message;
    await deps.onTrouble(judge(error, 'known', 0));
  };

  /** What the archive has of these; undefined where it did not answer. */
  const songsOf = async (
    batch: readonly ConfirmedHolding[],
  ): Promise<readonly (Song | null)[] | undefined> => {
    try {
      return await Promise.all(
        batch.map(({ sha256, byteSize }) =>
          connection.client.known({ sha256: Buffer.from(sha256).toString('hex'), byte_size: byteSize }),
        ),
      );
    } catch (error) {
      await giveUp(error);
      return undefined;
    }
  };

  /** An archive that was set back to an earlier day has lost what came last. */
  const askForNewest = async (newest: ConfirmedHolding): Promise<void> => {
    const songs = await songsOf([newest]);
    if (songs !== undefined && !holds(songs[0], newest)) everything();
  };

  const ask = async (batch: readonly ConfirmedHolding[]): Promise<void> => {
    const songs = await songsOf(batch);
    if (songs === undefined) return;
    const gone = batch.filter((holding, i) => !holds(songs[i], holding));
    const now = clock.now();
    await ledger.commit(() => {
      for (const { id } of batch) ledger.holdings.confirmed(id, now);
      for (const { id } of gone) ledger.holdings.lost(id);
    });
    asked += batch.length;
    lost += gone.length;
    left -= batch.length;
    // What lost one thing may have lost more.
    if (lost > 0 && !all) everything();
    for (const { id, contentId } of gone) {
      deps.reopened(id);
      const [track] = ledger.tracks.withContent(contentId, libraryIds, 1);
      if (track !== undefined) deps.report.track(track, LOST);
    }
  };

  const next = (): Promise<void> | undefined => {
    if (!askedNewest) {
      askedNewest = true;
      const newest = ledger.holdings.newest(archiveId, libraryIds, startedAt);
      if (newest !== undefined) return askForNewest(newest);
    }
    const batch = nextBatch();
    return batch.length === 0 ? undefined : ask(batch);
  };

  const complete = (): boolean => over && trouble === undefined;

  return {
    begin: () => {
      if (asking) return true;
      if (over) return false;
      const work = next();
      if (work === undefined) {
        over = true;
        return false;
      }
      asking = true;
      void work.catch(deps.stopOn).finally(() => {
        asking = false;
        deps.wake();
      });
      return true;
    },
    busy: () => asking,
    everything,
    again: () => {
      if (asking) return;
      all &&= !complete();
      askedNewest = all;
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
