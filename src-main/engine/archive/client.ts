import type { z } from 'zod';
import { API_PREFIX, type Discovery, type Feature } from '../../../shared/api/discovery.ts';
import {
  knownAnswerSchema,
  recordsAnswerSchema,
  songAnswerSchema,
  songListSchema,
  type KnownItem,
  type RecordItem,
  type Song,
  type SongList,
} from '../../../shared/api/songs.ts';
import {
  ticketsAnswerSchema,
  ticketSchema,
  type Ticket,
  type TicketItem,
} from '../../../shared/api/tickets.ts';
import { type ArchiveStatus, archiveStatusSchema } from '../../../shared/api/status.ts';
import { readAnswer } from './answers.ts';
import { createBatcher } from './batcher.ts';
import { ForbiddenError, NotAnArchiveError, RefusedError } from './errors.ts';
import type { Http, HttpAnswer } from './http.ts';
import type { SessionHolder } from './session.ts';

/** The songs of one account in one archive. Every call may throw UnreachableError, NotAnArchiveError, RefusedError, SignedOutError, ForbiddenError. */
export interface ArchiveClient {
  readonly ticket: (item: TicketItem) => Promise<Ticket>;
  readonly record: (item: RecordItem) => Promise<Song>;
  /** The caller's own song with these bytes. Only with the feature `known`. */
  readonly known: (item: KnownItem) => Promise<Song | null>;
  readonly list: (page: number, perPage: number) => Promise<SongList>;
  /** How it stands. Only with the feature `status`. */
  readonly status: () => Promise<ArchiveStatus>;
  /** When it answered last as an archive does, ms since 1970. */
  readonly lastContact: () => number;
  /** The bearer for a request that goes another way (the traditional upload), and the one after it was refused. */
  readonly session: SessionHolder;
}

/** Long enough to gather what is ready at the same moment, too short to be felt. */
const GATHER_MS = 4;

export const createClient = (
  http: Http,
  origin: string,
  session: SessionHolder,
  discovery: Discovery | undefined,
  now: () => number,
): ArchiveClient => {
  // We have just signed in.
  let lastContact = now();
  const url = (path: string): string => `${origin}${API_PREFIX}${path}`;
  const has = (feature: Feature): boolean => discovery?.features.includes(feature) ?? false;

  /** With the bearer; a refused one is renewed and the request replayed once. */
  const call = async (method: 'GET' | 'POST', path: string, json?: unknown): Promise<HttpAnswer> => {
    const send = (bearer: string): Promise<HttpAnswer> => http.api({ method, url: url(path), bearer, json });
    const token = await session.token();
    const answer = await send(token);
    return answer.status === 401 ? send(await session.renew(token)) : answer;
  };

  const ask = async <S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: S,
    json?: unknown,
  ): Promise<z.output<S>> => {
    const answer = await call(method, path, json);
    try {
      const told = readAnswer(origin, answer, schema);
      lastContact = now();
      return told;
    } catch (error) {
      if (error instanceof RefusedError && discovery !== undefined && isSomebodyElses(error))
        throw new NotAnArchiveError(origin, `something before it answered ${error.status}`);
      if (error instanceof RefusedError && error.status === 403)
        throw new ForbiddenError(origin, error.message);
      throw error;
    }
  };

  const oneForEach = <R>(items: readonly unknown[], results: readonly R[]): readonly R[] => {
    if (results.length === items.length) return results;
    throw new NotAnArchiveError(origin, `it gave ${results.length} answers for ${items.length} files`);
  };

  const limits = { items: discovery?.limits.batch ?? 1, waitMs: GATHER_MS };

  const ticketOf = has('batch')
    ? createBatcher<TicketItem, TicketsAnswer[number]>(
        async (items) =>
          oneForEach(
            items,
            (await ask('POST', '/songs/direct_uploads', ticketsAnswerSchema, { items })).results,
          ),
        limits,
      )
    : undefined;
  const recordOf = has('batch')
    ? createBatcher<RecordItem, RecordsAnswer[number]>(
        async (items) =>
          oneForEach(
            items,
            (await ask('POST', '/songs/create_from_blobs', recordsAnswerSchema, { items })).results,
          ),
        limits,
      )
    : undefined;
  const knownOf = createBatcher<KnownItem, Song | null>(
    async (items) =>
      oneForEach(items, (await ask('POST', '/songs/known', knownAnswerSchema, { items })).songs),
    limits,
  );

  return {
    session,
    status: () => ask('GET', '/status', archiveStatusSchema),
    lastContact: () => lastContact,
    known: knownOf,
    ticket: async (item) => {
      if (ticketOf === undefined) return ask('POST', '/songs/direct_upload', ticketSchema, item);
      const result = await ticketOf(item);
      if ('ticket' in result) return result.ticket;
      throw new RefusedError(result.status, result.problem.code, result.problem.detail);
    },
    record: async (item) => {
      if (recordOf === undefined)
        return (await ask('POST', '/songs/create_from_blob', songAnswerSchema, item)).song;
      const result = await recordOf(item);
      if ('song' in result) return result.song;
      throw new RefusedError(result.status, result.problem.code, result.problem.detail);
    },
    list: (page, perPage) => ask('GET', `/songs?page=${page}&per_page=${perPage}`, songListSchema),
  };
};

/** Our archive tells a code with every refusal: a bare one is of a proxy that does not find it just now. */
const isSomebodyElses = ({ status, code }: RefusedError): boolean =>
  code.startsWith('http_') && [403, 404, 405].includes(status);

type TicketsAnswer = z.output<typeof ticketsAnswerSchema>['results'];
type RecordsAnswer = z.output<typeof recordsAnswerSchema>['results'];
