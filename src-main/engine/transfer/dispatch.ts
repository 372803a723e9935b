import PQueue from 'p-queue';
import type { InFlight } from '../../../shared/run.ts';
import type { Tags } from '../audio/tags.ts';
import type { Holding } from '../ledger/holdings.ts';
import type { PlacedTrack } from '../ledger/tracks.ts';
import { shownPath } from '../library/place.ts';
import { backoffMs, MAX_ATTEMPTS } from './backoff.ts';
import { fly, FlightError, type FlightDeps, type Landing } from './flight.ts';
import { judge, type Verdict } from './failure.ts';
import type { HeldBytes } from './held-bytes.ts';
import { sourceFromFile, sourceFromMemory, type Source } from './source.ts';

/** Takes contents from the ledger and flies them, a bounded number at once. */
export interface Dispatch {
  /** Starts as many flights as may be under way now. */
  readonly fill: () => void;
  readonly setSlots: (slots: number) => void;
  /** While held back, what waits for a slot goes on waiting. */
  readonly holdBack: (held: boolean) => void;
  /** Breaks off what is under way: it is begun anew when its turn comes again. */
  readonly interrupt: () => void;
  readonly busy: () => boolean;
  /** Some are under way, and do not only stand in line for it. */
  readonly isMoving: () => boolean;
  /** All slots are taken and more wait. */
  readonly full: () => boolean;
  /** When the next waiting one is due; undefined when none waits. */
  readonly nextDue: () => number | undefined;
  /** Fresh ones that wait, counted up to `limit`. */
  readonly ahead: (limit: number) => number;
  /** Any holding may have become wanted though its turn has passed. */
  readonly reconsider: () => void;
  /** This one may. */
  readonly reconsiderBefore: (holdingId: number) => void;
  readonly inFlight: () => readonly InFlight[];
}

export interface DispatchDeps extends Omit<FlightDeps, 'inSlot' | 'signal' | 'mayForget'> {
  /** Ends everything, at once. */
  readonly signal: AbortSignal;
  readonly held: HeldBytes;
  /** The libraries that can be read now. */
  readonly reachable: () => readonly number[];
  /** Whether `holding` may be sent now, at the rate that the line gives; else why not. */
  readonly fits: (holding: Holding) => { readonly code: string; readonly message: string } | undefined;
  readonly onLanded: (holding: Holding, track: PlacedTrack, landing: Landing, seconds: number) => void;
  /** What a failure means beyond this file. Resolves to whether the file itself is to blame. */
  readonly onTrouble: (verdict: Verdict, holdingId: number) => Promise<boolean>;
  readonly onFailed: (track: PlacedTrack, told: Failed) => void;
  /** An upload address ran out before the bytes had arrived; `atOnce` files were being sent. */
  readonly onExpired: (holding: Holding, seconds: number, atOnce: number) => void;
  /** The file is not what was read. */
  readonly reread: (track: PlacedTrack) => Promise<void>;
  readonly onBytes: (bytes: number) => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
}

export interface Failed {
  readonly final: boolean;
  readonly code: string;
  readonly message: string;
  readonly seconds: number;
}

interface Flight extends Omit<InFlight, 'sent'> {
  sent: number;
  /** When its first bytes left in this attempt, by the monotonic clock. */
  since?: number;
}

/** Due retries get this share of the places while fresh files wait. */
const RETRY_SHARE = 0.1;

export const createDispatch = (deps: DispatchDeps, firstSlots: number): Dispatch => {
  const { ledger, archiveId, reachable, clock } = deps;
  const slots = new PQueue({ concurrency: firstSlots });
  const flights = new Map<number, Flight>();
  let interruption = new AbortController();
  /** Taken to be lost in this run, because their song's number was given again. */
  const forgotten = new Set<number>();
  /** Flights that have yet to get a slot. */
  let inLine = 0;
  const flightDeps = (signal: AbortSignal): FlightDeps => ({
    ...deps,
    signal,
    mayForget: (holdingId) => !forgotten.has(holdingId) && forgotten.add(holdingId).size > 0,
    inSlot: (task) => {
      inLine += 1;
      return slots.add(() => {
        inLine -= 1;
        // It may have waited for its slot since before everything was stopped.
        signal.throwIfAborted();
        return task();
      });
    },
  });
  /** Every fresh holding up to this one had its turn. */
  let turn = 0;

  const places = (): number => slots.concurrency * 2;

  const startable = (): readonly Holding[] => {
    const room = places() - flights.size;
    if (room <= 0) return [];
    const due = ledger.holdings
      .due(archiveId, reachable(), clock.now(), places())
      .filter(({ id }) => !flights.has(id));
    const fresh = nextFresh(room);
    const forRetries =
      fresh.length < room ? room - fresh.length : Math.max(1, Math.floor(room * RETRY_SHARE));
    const retries = due.slice(0, forRetries);
    const taken = fresh.slice(0, room - retries.length);
    const last = taken.at(-1);
    // Where fewer came than were asked for, all that remain are of no use to this run.
    if (fresh.length < room && taken.length === fresh.length) turn = ledger.holdings.lastId();
    else if (last !== undefined) turn = last.id;
    return [...retries, ...taken];
  };

  const nextFresh = (room: number): readonly Holding[] =>
    ledger.holdings
      .fresh(archiveId, reachable(), turn, room + flights.size)
      .filter(({ id }) => !flights.has(id))
      .slice(0, room);

  const start = (holding: Holding): void => {
    const bytes = deps.held.take(holding.contentId);
    const [track] = ledger.tracks.withContent(holding.contentId, reachable(), 1);
    if (track === undefined) {
      if (bytes !== undefined) deps.held.giveBack(bytes, true);
      return;
    }
    const flight: Flight = { ...tellingOf(holding, track), sent: 0 };
    flights.set(holding.id, flight);
    attempt(holding, track, bytes, flight)
      .catch((error: unknown) => {
        deps.stopOn(error);
        return false;
      })
      .then((landed) => {
        flights.delete(holding.id);
        // A request that broke may still be reading them.
        if (bytes !== undefined) deps.held.giveBack(bytes, landed);
        deps.wake();
      })
      .catch(deps.stopOn);
  };

  /** Whether it landed. */
  const attempt = async (
    holding: Holding,
    track: PlacedTrack,
    bytes: Uint8Array | undefined,
    flight: Flight,
  ): Promise<boolean> => {
    const begin = clock.monotonic();
    const seconds = (): number => (clock.monotonic() - begin) / 1000;
    const signal = AbortSignal.any([deps.signal, interruption.signal]);
    const unfit = deps.fits(holding);
    if (unfit !== undefined) {
      await giveUp(holding, track, { class: 'retry', ...unfit }, seconds());
      return false;
    }
    try {
      const landing = await fly(
        {
          holding,
          filename: readableName(track),
          openSource: async (): Promise<Source> =>
            bytes === undefined ? sourceFromFile(track, holding.sha256) : sourceFromMemory(bytes),
          onProgress: (sent) => {
            deps.onBytes(Math.max(0, sent - flight.sent));
            flight.sent = sent;
            flight.since ??= clock.monotonic();
          },
        },
        flightDeps(signal),
      );
      deps.onLanded(holding, track, landing, seconds());
      return true;
    } catch (error) {
      if (signal.aborted) reconsider(holding.id);
      else await afterFailure(holding, track, error, seconds());
      return false;
    }
  };

  const afterFailure = async (
    holding: Holding,
    track: PlacedTrack,
    error: unknown,
    seconds: number,
  ): Promise<void> => {
    if (!(error instanceof FlightError)) throw error;
    const verdict = judge(error.cause, error.step, holding.byteSize);
    // Half-arrived bytes of the Rails archive are not to be trusted: a PUT without an answer means a new ticket.
    if (verdict.kind === 'new_ticket') await ledger.commit(() => ledger.holdings.discardTicket(holding.id));
    const since = flights.get(holding.id)?.since;
    if (verdict.kind === 'new_ticket' && verdict.expired && since !== undefined)
      deps.onExpired(holding, (clock.monotonic() - since) / 1000, slots.pending + 1);
    switch (verdict.kind) {
      case 'stop':
        throw verdict.error;
      case 'reread':
        await deps.reread(track);
        reconsider(holding.id);
        return;
      case 'give_up':
        return giveUp(holding, track, verdict, seconds);
      case 'wait':
        await deps.onTrouble(verdict, holding.id);
        reconsider(holding.id);
        return;
      case 'look_again': {
        const { code, message } = verdict;
        const at = clock.now() + verdict.milliseconds;
        await ledger.commit(() =>
          ledger.holdings.lookAgain(holding.id, at, { class: 'retry', code, message }),
        );
        deps.onFailed(track, { final: false, code, message, seconds });
        return;
      }
      case 'no_room': {
        if (!(await deps.onTrouble(verdict, holding.id))) return reconsider(holding.id);
        const { message, milliseconds } = verdict;
        return tryLater(holding, track, { code: 'archive_full', message, milliseconds }, seconds);
      }
      case 'check_line':
        if (!(await deps.onTrouble(verdict, holding.id))) return reconsider(holding.id);
        return tryLater(holding, track, verdict, seconds);
      case 'retry':
      case 'new_ticket':
        await deps.onTrouble(verdict, holding.id);
        return tryLater(holding, track, verdict, seconds);
    }
  };

  const tryLater = async (
    holding: Holding,
    track: PlacedTrack,
    told: { readonly code: string; readonly message: string; readonly milliseconds?: number },
    seconds: number,
  ): Promise<void> => {
    const { code, message, milliseconds } = told;
    const attempts = holding.attempts + 1;
    if (attempts >= MAX_ATTEMPTS) return giveUp(holding, track, { class: 'retry', code, message }, seconds);
    const at = clock.now() + backoffMs(attempts, Math.random(), milliseconds);
    await ledger.commit(() => ledger.holdings.tryLater(holding.id, at, { class: 'retry', code, message }));
    deps.onFailed(track, { final: false, code, message, seconds });
  };

  const giveUp = async (
    holding: Holding,
    track: PlacedTrack,
    failure: { readonly class: string; readonly code: string; readonly message: string },
    seconds: number,
  ): Promise<void> => {
    const { code, message } = failure;
    await ledger.commit(() => ledger.holdings.failed(holding.id, { class: failure.class, code, message }));
    deps.onFailed(track, { final: true, code, message, seconds });
  };

  const reconsider = (holdingId: number): void => void (turn = Math.min(turn, holdingId - 1));

  return {
    fill: () => {
      for (const holding of startable()) start(holding);
    },
    setSlots: (count) => void (slots.concurrency = count),
    holdBack: (held) => (held ? slots.pause() : void slots.start()),
    interrupt: () => {
      interruption.abort();
      interruption = new AbortController();
    },
    busy: () => flights.size > 0,
    isMoving: () => flights.size > inLine,
    full: () => slots.pending >= slots.concurrency,
    nextDue: () => ledger.holdings.nextDue(archiveId, reachable()),
    ahead: (limit) => ledger.holdings.freshCount(archiveId, turn, limit),
    reconsider: () => void (turn = 0),
    reconsiderBefore: reconsider,
    inFlight: () => [...flights.values()],
  };
};

const tellingOf = (holding: Holding, track: PlacedTrack): Omit<InFlight, 'sent'> => {
  const { title, artist, album } = JSON.parse(holding.tags) as Tags;
  const { libraryPath, folderPath, name } = track;
  const place = { libraryPath, folderPath, name };
  return {
    path: shownPath(track),
    bytes: holding.byteSize,
    title,
    artist: artist ?? '',
    album: album ?? '',
    place,
  };
};

/** The name as text: bytes that are no text become a sign for it; the ledger keeps the bytes. */
const readableName = ({ name }: PlacedTrack): string => Buffer.from(name).toString('utf8').toWellFormed();
