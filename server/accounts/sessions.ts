import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Role, Session } from '../../shared/api/auth.ts';
import type { Audit } from '../audit.ts';
import type { ArchiveSettings } from '../config.ts';
import type { GroupedWrites } from '../database/grouped-writes.ts';
import type { Schema } from '../database/schema.ts';
import type { Clock } from '../probe.ts';
import { Refusal } from '../problems.ts';

/** Who a request comes from; the role is today's, read with each request. */
export interface Caller {
  readonly id: number;
  readonly email: string;
  readonly role: Role;
  readonly family: string;
}

export interface Sessions {
  open(user: { readonly id: number; readonly email: string; readonly role: Role }): Promise<Session>;
  /** Throws a {@link Refusal} (401) for a bearer token that is not valid now. */
  callerOf(token: string): Promise<Caller>;
  refresh(refreshToken: string): Promise<Session>;
  /** Ends the caller's session, and the one of a refresh token of the same account. */
  close(caller: Caller, refreshToken?: string): Promise<void>;
}

interface Dependencies {
  readonly db: Kysely<Schema>;
  readonly writes: GroupedWrites;
  readonly settings: ArchiveSettings;
  readonly clock: Clock;
  readonly audit: Audit;
}

export const createSessions = ({ db, writes, settings, clock, audit }: Dependencies): Sessions => {
  const addPair = async (
    trx: Transaction<Schema>,
    user: { readonly id: number; readonly email: string; readonly role: Role },
    family: string,
  ): Promise<Session> => {
    const now = clock();
    const [access, refresh] = [newToken(), newToken()];
    const accessExpiresAt = now + settings.tokenLifetimeSeconds * 1000;
    const refreshExpiresAt = now + settings.refreshLifetimeSeconds * 1000;
    await trx
      .insertInto('session')
      .values({
        user_id: user.id,
        family,
        access_hash: digest(access),
        access_expires_at: accessExpiresAt,
        refresh_hash: digest(refresh),
        refresh_expires_at: refreshExpiresAt,
        rotated_at: null,
        created_at: now,
      })
      .execute();
    return {
      api_token: access,
      expires_at: new Date(accessExpiresAt).toISOString(),
      user: { id: user.id, email: user.email, role: user.role },
      refresh_token: refresh,
      refresh_expires_at: new Date(refreshExpiresAt).toISOString(),
    };
  };

  return {
    open: (user) => writes.run((trx) => addPair(trx, user, randomUUID())),

    async callerOf(token) {
      const row = await db
        .selectFrom('session')
        .innerJoin('user', 'user.id', 'session.user_id')
        .select(['user.id', 'user.email', 'user.role', 'session.family', 'session.access_expires_at'])
        .where('session.access_hash', '=', digest(token))
        .executeTakeFirst();
      if (row === undefined) throw new Refusal('token_invalid', 'This token is not known. Please sign in.');
      if (row.access_expires_at <= clock()) {
        throw new Refusal('token_expired', 'This token has expired. Please sign in again.');
      }
      return { id: row.id, email: row.email, role: row.role, family: row.family };
    },

    async refresh(refreshToken) {
      const answer = await writes.run(async (trx) => {
        const now = clock();
        const row = await trx
          .selectFrom('session')
          .innerJoin('user', 'user.id', 'session.user_id')
          .select(['session.id as session_id', 'family', 'rotated_at', 'refresh_expires_at'])
          .select(['user.id', 'user.email', 'user.role'])
          .where('refresh_hash', '=', digest(refreshToken))
          .executeTakeFirst();
        if (row === undefined || row.refresh_expires_at <= now) return undefined;
        if (row.rotated_at !== null && now - row.rotated_at > settings.refreshGraceSeconds * 1000) {
          // Two hold this token, and one of them is a thief: neither may go on.
          await trx.deleteFrom('session').where('family', '=', row.family).execute();
          return { reusedBy: row.id };
        }
        await trx
          .updateTable('session')
          .set({ rotated_at: row.rotated_at ?? now })
          .where('id', '=', row.session_id)
          .execute();
        return addPair(trx, row, row.family);
      });
      if (answer !== undefined && !('reusedBy' in answer)) return answer;
      if (answer !== undefined) audit('refresh_reused', { user: answer.reusedBy });
      throw new Refusal('refresh_invalid', 'This session is over. Please sign in again.');
    },

    close: (caller, refreshToken) =>
      writes.run(async (trx) => {
        await trx.deleteFrom('session').where('family', '=', caller.family).execute();
        if (refreshToken === undefined) return;
        const other = await trx
          .selectFrom('session')
          .select('family')
          .where('refresh_hash', '=', digest(refreshToken))
          .where('user_id', '=', caller.id)
          .executeTakeFirst();
        if (other !== undefined) await trx.deleteFrom('session').where('family', '=', other.family).execute();
      }),
  };
};

/** 256 random bits. Nobody can guess these, so a fast hash keeps them safe in the database. */
const newToken = (): string => randomBytes(32).toString('base64url');

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
