import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Role } from '../../shared/api/auth.ts';
import type { Caller } from '../accounts/sessions.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';

const callers = new WeakMap<FastifyRequest, Caller>();

/** The signed-in user of a request behind {@link requireCaller}. */
export const callerOf = (request: FastifyRequest): Caller => {
  const caller = callers.get(request);
  if (caller === undefined) throw new Refusal('token_missing', 'Send a bearer token.');
  return caller;
};

/** The same where nobody may have signed in; for the log. */
export const knownCaller = (request: FastifyRequest): Caller | undefined => callers.get(request);

/** Lets nobody through without a valid bearer token and, where roles are given, one of these roles. */
export const requireCaller =
  ({ sessions }: Services, roles?: readonly Role[]): onRequestHookHandler =>
  async (request) => {
    const token = /^Bearer ([\w-]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      const none = request.headers.authorization === undefined;
      throw none
        ? new Refusal('token_missing', 'Please sign in: this needs a bearer token.')
        : new Refusal('token_invalid', 'This is not a bearer token of this archive. Please sign in.');
    }
    const caller = await sessions.callerOf(token);
    callers.set(request, caller);
    if (roles !== undefined && !roles.includes(caller.role)) {
      throw new Refusal(
        'forbidden_role',
        'Only moderators and admins may do this. Ask an admin for the role.',
      );
    }
  };
