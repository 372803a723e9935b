import type { Song } from '../../../shared/api/songs.ts';
import type { Ticket } from '../../../shared/api/tickets.ts';
import type { ArchiveConnection } from '../archive/connect.ts';
import { DiffersError } from '../archive/errors.ts';
import { uploadThrough } from '../archive/traditional.ts';
import { putBytes, type Upload } from '../archive/upload.ts';
import type { Clock } from '../clock.ts';
import type { Probe } from '../kill-points.ts';
import type { Holding } from '../ledger/holdings.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Amount } from '../ledger/tracks.ts';
import { isKnownUndone, RecordInDoubtError, type Doubts } from './doubt.ts';
import type { FailedStep } from './failure.ts';
import { describe, likenessOf, type Description, type Likeness } from './description.ts';
import type { LineLimit } from './line-limit.ts';
import { nextStep, type ArchiveManners, type FlightState } from './plan.ts';
import type { SongFinder } from './song-finder.ts';
import type { Source } from './source.ts';

export interface FlightDeps {
  readonly ledger: Ledger;
  readonly connection: ArchiveConnection;
  readonly manners: ArchiveManners;
  readonly clock: Clock;
  readonly probe: Probe;
  readonly runId: number;
  readonly archiveId: number;
  readonly libraryIds: readonly number[];
  /** Runs the task in one of the transfer slots. */
  readonly inSlot: <T>(task: () => Promise<T>) => Promise<T>;
  readonly findSong: SongFinder;
  /** Whether the archive may be taken to have lost this one: once in a run. */
  readonly mayForget: (holdingId: number) => boolean;
  /** The archive made a song under a number that the ledger had for other bytes: it knows of those no more. */
  readonly onForgotten: (holdingId: number) => void;
  /** What has these bytes waited until now. */
  readonly onArchived: (amount: Amount) => void;
  readonly lineLimit: LineLimit;
  readonly doubts: Doubts;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

export interface FlightInput {
  readonly holding: Holding;
  /** The name that the archive is told: readable text. */
  readonly filename: string;
  /** Opens the bytes anew for this attempt. */
  readonly openSource: () => Promise<Source>;
  readonly onProgress: (sent: number) => void;
}

/** `sent`: by this flight. `there`: the archive had these bytes already. */
export type Landing = 'sent' | 'there';

/** A failure, and the step at which it happened. */
export class FlightError extends Error {
  readonly step: FailedStep;
  constructor(step: FailedStep, cause: unknown) {
    super(`failed at ${step}`, { cause });
    this.step = step;
  }
}

const during = async <T>(step: FailedStep, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FlightError ? error : new FlightError(step, error);
  }
};

/**
 * Brings one content into the archive, from where the ledger says it stands. Each answer is committed before the next
 * step uses it.
 * @throws FlightError
 */
export const fly = async (input: FlightInput, deps: FlightDeps): Promise<Landing> => {
  const { holding } = input;
  const { ledger, connection, manners, probe } = deps;
  const description = describe(holding, input.filename);
  let state: FlightState & { readonly sent: boolean } = {
    signedId: holding.signedId,
    storedAt: holding.storedAt,
    recordSentAt: holding.recordSentAt,
    askedKnown: false,
    bytesMissing: false,
    recordAnnounced: false,
    sent: false,
  };
  let highestSongId = holding.highestSongId ?? 0;

  const archived = async (song: Song, landing: Landing): Promise<Landing> => {
    if (manners.kind === 'ledgerline') confirmSame(song, description);
    const { stale, amount } = await ledger.commit(() => {
      // Just made, or with our bytes: the older word is out of date, for the archive was set back to an earlier day. An
      // archive that goes on giving one number to all is not followed: then the ledger refuses.
      const before = ledger.holdings.withSong(deps.archiveId, song.id);
      const stale =
        before === undefined || before === holding.id || !deps.mayForget(before) ? undefined : before;
      if (stale !== undefined) ledger.holdings.lost(stale);
      ledger.holdings.archived(holding.id, song.id, deps.clock.now());
      if (landing === 'sent') ledger.holdings.creditSent(holding.contentId, deps.runId, deps.libraryIds);
      return { stale, amount: ledger.tracks.amountWith(holding.contentId, deps.libraryIds) };
    });
    deps.onArchived(amount);
    if (stale !== undefined) deps.onForgotten(stale);
    probe(landing === 'there' ? 'known_committed' : 'record_committed');
    return landing;
  };

  const record = async (): Promise<Song | undefined> => {
    const { signedId } = state;
    if (signedId === null) throw new Error('a record without a signed id');
    probe('record_sent');
    const song = await connection.client.record({
      blob_signed_id: signedId,
      filename: description.filename,
      metadata: description.metadata,
    });
    probe('record_answered');
    deps.findSong.sawSong(song.id);
    return song;
  };

  for (;;) {
    const step = nextStep(state, manners);
    switch (step) {
      case 'known': {
        const song = await during('known', () =>
          connection.client.known({ sha256: description.sha256, byte_size: holding.byteSize }),
        );
        probe('known_answered');
        state = { ...state, askedKnown: true };
        if (song !== null) return during('known', () => archived(song, 'there'));
        break;
      }
      case 'send': {
        const sent = await deps.inSlot(() => ticketAndBytes(input, description, deps));
        state = { ...state, ...sent, recordSentAt: null, bytesMissing: false, sent: true };
        break;
      }
      case 'through': {
        const song = await deps.inSlot(() => bytesThrough(input, description, deps));
        return during('through', () => archived(song, 'sent'));
      }
      case 'announce':
        highestSongId = deps.findSong.highest();
        await ledger.commit(() =>
          ledger.holdings.recordIntended(holding.id, deps.clock.now(), highestSongId, description.filename),
        );
        probe('record_intended');
        state = { ...state, recordSentAt: deps.clock.now(), recordAnnounced: true };
        break;
      case 'record': {
        try {
          const song = await during('record', record);
          if (song !== undefined) return await during('record', () => archived(song, landingOf(state)));
        } catch (error) {
          if (manners.kind === 'rails') {
            if (!(error instanceof FlightError && isKnownUndone(error.cause))) deps.doubts.began(holding.id);
            else await ledger.commit(() => ledger.holdings.recordUndone(holding.id));
          }
          // Bytes whose PUT we have no answer to may not have arrived: then, and only then, they are sent again.
          if (!isMissingBytes(error) || state.storedAt !== null) throw error;
        }
        await ledger.commit(() => ledger.holdings.discardTicket(holding.id));
        state = { ...state, signedId: null, bytesMissing: true, askedKnown: true };
        break;
      }
      case 'reconcile': {
        // Judged before the look: what comes after it is seen by the next.
        const lookAgainIn = deps.doubts.lookAgainIn(holding.id);
        const song = await during('reconcile', () =>
          deps.findSong.lost(
            // The file may have another name by now.
            { ...description, filename: holding.recordName ?? description.filename },
            highestSongId,
            () => doubtful(deps, holding.id),
            lookAgainIn === undefined,
          ),
        );
        if (song !== undefined) return during('reconcile', () => archived(song, 'sent'));
        if (lookAgainIn !== undefined)
          throw new FlightError('reconcile', new RecordInDoubtError(lookAgainIn));
        await ledger.commit(() => ledger.holdings.recordUndone(holding.id));
        state = { ...state, recordSentAt: null };
        break;
      }
    }
  }
};

/** Bytes of an earlier attempt, whose record only was missing, count as sent: the run that finishes them is credited. */
const landingOf = (state: FlightState): Landing => (state.signedId === null ? 'there' : 'sent');

const isMissingBytes = (error: unknown): boolean =>
  error instanceof FlightError &&
  error.cause instanceof Error &&
  'status' in error.cause &&
  (error.cause.status === 409 || error.cause.status === 404);

const confirmSame = (song: Song, { sha256, byteSize }: Description): void => {
  if (song.sha256 !== sha256 || song.byte_size !== byteSize)
    throw new DiffersError({
      song: song.id,
      ours: sha256,
      theirs: song.sha256 ?? null,
      bytes: song.byte_size ?? null,
    });
};

const ticketAndBytes = async (
  input: FlightInput,
  description: Description,
  deps: FlightDeps,
): Promise<{ readonly signedId: string; readonly storedAt: number }> => {
  const { ledger, connection, probe } = deps;
  const { holding } = input;
  const source = await during('put', input.openSource);
  try {
    const ticket = await during('ticket', async (): Promise<Ticket> => {
      probe('ticket_asked');
      const answer = await connection.client.ticket({
        filename: description.filename,
        content_type: description.contentType,
        byte_size: description.byteSize,
        checksum: description.checksum,
        ...(connection.kind === 'ledgerline' ? { sha256: description.sha256 } : {}),
      });
      probe('ticket_answered');
      await ledger.commit(() => ledger.holdings.ticketed(holding.id, answer.signed_id));
      probe('ticket_committed');
      return answer;
    });
    return await during('put', async () => {
      await orItsFile(source, () =>
        putBytes(connection.http, connection.origin, ticket, uploadOf(input, source, deps)),
      );
      probe('put_answered');
      await source.verify();
      const storedAt = deps.clock.now();
      await ledger.commit(() => {
        ledger.holdings.stored(holding.id, storedAt);
        ledger.runs.countPut(deps.runId, holding.byteSize);
      });
      probe('put_committed');
      return { signedId: ticket.signed_id, storedAt };
    });
  } finally {
    await source.close();
  }
};

const bytesThrough = async (
  input: FlightInput,
  description: Description,
  deps: FlightDeps,
): Promise<Song> => {
  const source = await during('put', input.openSource);
  try {
    return await during('through', async () => {
      const song = await orItsFile(source, () =>
        uploadThrough(deps.connection, description, uploadOf(input, source, deps)),
      );
      await source.verify();
      await deps.ledger.commit(() => deps.ledger.runs.countPut(deps.runId, input.holding.byteSize));
      return song;
    });
  } finally {
    await source.close();
  }
};

/** Under which names the others went is not kept, so theirs rule out no song. */
const doubtful = ({ ledger, archiveId }: FlightDeps, exceptId: number): readonly Likeness[] =>
  ledger.holdings.inDoubt(archiveId, exceptId).map(likenessOf);

/** A refusal or a broken line may only be what a file leads to that changed as it was sent. */
const orItsFile = async <T>(source: Source, send: () => Promise<T>): Promise<T> => {
  try {
    return await send();
  } catch (error) {
    await source.recheck();
    throw error;
  }
};

const uploadOf = (input: FlightInput, source: Source, { signal, probe, lineLimit }: FlightDeps): Upload => {
  const { byteSize } = input.holding;
  let half = false;
  probe('put_started');
  return {
    body: lineLimit.pace(source.body, signal),
    byteSize,
    signal,
    onProgress: (sent) => {
      if (!half && sent * 2 >= byteSize) {
        half = true;
        probe('put_half');
      }
      input.onProgress(sent);
    },
  };
};
