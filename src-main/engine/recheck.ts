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
  /**
   * Asks for the newest song, which an archive that was set back to an earlier day has lost first. True when that is
   * over: until then nothing should be sent, for it may get the very number of what was lost.
   */
  readonly askedNewest: () => boolean;
  /** Asks for the next batch, unless one is under way. False: there is nothing (more) to ask for. */
  readonly begin: () => boolean;
  readonly busy: () => boolean;
  /** For a run that goes on: what has become due meanwhile is asked for as well. */
  readonly again: () => void;
  /** The archive is known to have lost something: from now on it is asked for everything. */
  readonly everything: () => Promise<void>;
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
  let wished = deps.all;
  let newest: 'unasked' | 'asking' | 'asked' = 'unasked';
  /** Where the pass over everything ends; what comes later was archived while it went on. */
  let lastId = ledger.holdings.lastId();
  let after: Pick<ConfirmedHolding, 'confirmedAt' | 'id'> = BEGINNING;
  let left = MOST_IN_A_RUN;
  /** Asked for since this look began, other than in the pass over everything. */
  const askedAlready = new Set<number>();
  let asking = false;
  let over = false;
  let trouble: string | undefined;
  let asked = 0;
  let lost = 0;

  const fromTheStart = async (): Promise<void> => {
    lastId = ledger.holdings.lastId();
    over = false;
    await ledger.commit(() => ledger.fullRechecks.set(archiveId, 0));
  };

  const everything = async (): Promise<void> => {
    if (ledger.fullRechecks.reached(archiveId) === null) await fromTheStart();
  };

  /** Its verdict holds for all as a flight's does; only the run itself does not fail by it. */
  const giveUp = async (error: unknown): Promise<void> => {
    if (deps.signal.aborted) return;
    over = true;
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

  const askForNewest = async (): Promise<void> => {
    const song = ledger.holdings.newest(archiveId, libraryIds);
    const songs = song === undefined ? undefined : await songsOf([song]);
    if (song !== undefined && songs !== undefined && !holds(songs[0], song)) await everything();
  };

  /** @param reached where the pass over everything stands after these; undefined for a batch beside it */
  const ask = async (batch: readonly ConfirmedHolding[], reached?: number): Promise<void> => {
    const songs = await songsOf(batch);
    if (songs === undefined) return;
    const gone = batch.filter((holding, i) => !holds(songs[i], holding));
    const now = clock.now();
    await ledger.commit(() => {
      for (const { id } of batch) ledger.holdings.confirmed(id, now);
      for (const { id } of gone) ledger.holdings.lost(id);
      if (reached !== undefined) ledger.fullRechecks.set(archiveId, reached);
    });
    asked += batch.length;
    lost += gone.length;
    for (const { id, contentId } of gone) {
      deps.reopened(id);
      const [track] = ledger.tracks.withContent(contentId, libraryIds, 1);
      if (track !== undefined) deps.report.track(track, LOST);
    }
    if (reached !== undefined) return;
    left -= batch.length;
    for (const { id } of batch) askedAlready.add(id);
    // What lost one thing may have lost more.
    if (gone.length > 0) await everything();
  };

  /** The next batch of the pass over everything, or the end of it. */
  const askForEverything = async (from: number): Promise<void> => {
    const page = ledger.holdings.archivedBetween(archiveId, from, lastId, atOnce);
    const last = page.at(-1);
    if (last === undefined) {
      await ledger.commit(() => ledger.fullRechecks.set(archiveId, null));
      return;
    }
    const batch = page.filter(({ id }) => !askedAlready.has(id));
    if (batch.length > 0) return ask(batch, last.id);
    await ledger.commit(() => ledger.fullRechecks.set(archiveId, last.id));
  };

  const next = (): Promise<void> | undefined => {
    if (newest === 'unasked') {
      newest = 'asked';
      return askForNewest();
    }
    if (wished) {
      wished = false;
      return fromTheStart();
    }
    const reached = ledger.fullRechecks.reached(archiveId);
    if (reached !== null) return askForEverything(reached);
    const until = clock.now() - CONFIRMED_FOR_MS;
    const batch = ledger.holdings.toConfirm(archiveId, libraryIds, until, after, Math.min(atOnce, left));
    after = batch.at(-1) ?? after;
    return batch.length === 0 ? undefined : ask(batch);
  };

  const complete = (): boolean => over && trouble === undefined;

  return {
    askedNewest: () => {
      if (newest !== 'unasked') return newest === 'asked';
      newest = 'asking';
      void askForNewest()
        .catch(deps.stopOn)
        .finally(() => {
          newest = 'asked';
          deps.wake();
        });
      return false;
    },
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
    busy: () => asking || newest === 'asking',
    everything,
    again: () => {
      if (asking || newest === 'asking') return;
      newest = 'unasked';
      askedAlready.clear();
      after = BEGINNING;
      left = MOST_IN_A_RUN;
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
