import { z } from 'zod';
import type { Session } from '../../../shared/api/auth.ts';
import type { ChosenArchive } from '../../../shared/settings.ts';
import type { Secrets } from '../archive/secrets.ts';
import type { Credentials } from '../archive/session.ts';

type Server = Extract<ChosenArchive, { kind: 'server' }>;
/** Whose account it is, and where. */
export type Account = Pick<Server, 'url' | 'email'>;

/** What is kept: a token that the archive can take back at any time; a password only where the archive has no such token. */
const keptSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refresh'), token: z.string().min(1) }),
  z.strictObject({ kind: z.literal('password'), password: z.string().min(1) }),
]);
type Kept = z.infer<typeof keptSchema>;

/** What we can sign in with: passwords as long as the program lives, and beyond that what a person agreed to keep. */
export interface LogIns {
  /** Undefined: somebody must type the password. */
  readonly credentialsOf: (account: Account) => Promise<Credentials | undefined>;
  /** To be told each session that the archive gives, before its tokens are used. */
  readonly onSession: (account: Account) => (session: Session) => Promise<void>;
  /** Whether the archive gave something with its session that can be kept in place of the password. */
  readonly hasToken: (account: Account) => boolean;
  /** A person signed in, after {@link LogIns.onSession} was told that session. */
  readonly signedIn: (account: Account, password: string, keep: boolean) => Promise<void>;
  readonly forget: (account: Account) => Promise<void>;
  /** Another archive or account was chosen, undefined where that is no server: of all others nothing is kept. */
  readonly forgetOthers: (account: Account | undefined) => Promise<void>;
}

export const createLogIns = (deps: {
  readonly secrets: Secrets;
  /** A password that was given to the program itself, for whom it is. */
  readonly passwordOf: (email: string) => string | undefined;
  /** Keeping failed; the work goes on all the same. */
  readonly onFault: (error: unknown) => void;
}): LogIns => {
  const { secrets } = deps;
  const passwords = new Map<string, string>();
  const refreshTokens = new Map<string, string>();
  const kept = new Set<string>();

  const safely = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      deps.onFault(error);
    }
  };
  const keep = (name: string, what: Kept): Promise<void> => safely(secrets.set(name, JSON.stringify(what)));

  const readKept = async (name: string): Promise<Kept | undefined> => {
    try {
      const text = await secrets.get(name);
      return text === undefined ? undefined : keptSchema.parse(JSON.parse(text));
    } catch {
      // The error would quote what it could not read.
      deps.onFault(new Error('The log-in that was kept cannot be read any more.'));
      return undefined;
    }
  };

  return {
    credentialsOf: async (account) => {
      const name = nameOf(account);
      const { email } = account;
      const password = passwords.get(name) ?? deps.passwordOf(email);
      if (password !== undefined) return { kind: 'password', email, password };
      // Fresher than what is kept, where keeping failed.
      const token = kept.has(name) ? refreshTokens.get(name) : undefined;
      if (token !== undefined) return { kind: 'refresh', token };
      const found = await readKept(name);
      switch (found?.kind) {
        case undefined:
          return undefined;
        case 'password':
          return { kind: 'password', email, password: found.password };
        case 'refresh':
          kept.add(name);
          return { kind: 'refresh', token: found.token };
      }
    },
    onSession:
      (account) =>
      async ({ refresh_token: token }) => {
        const name = nameOf(account);
        if (token === undefined) return void refreshTokens.delete(name);
        refreshTokens.set(name, token);
        if (kept.has(name)) await keep(name, { kind: 'refresh', token });
      },
    hasToken: (account) => refreshTokens.has(nameOf(account)),
    signedIn: async (account, password, wanted) => {
      const name = nameOf(account);
      passwords.set(name, password);
      if (!wanted) {
        kept.delete(name);
        return safely(secrets.forget(name));
      }
      kept.add(name);
      const token = refreshTokens.get(name);
      await keep(name, token === undefined ? { kind: 'password', password } : { kind: 'refresh', token });
    },
    forget: async (account) => {
      const name = nameOf(account);
      passwords.delete(name);
      refreshTokens.delete(name);
      kept.delete(name);
      await secrets.forget(name);
    },
    forgetOthers: async (account) => {
      const name = account === undefined ? undefined : nameOf(account);
      const others = [...new Set([...passwords.keys(), ...refreshTokens.keys(), ...kept])].filter(
        (each) => each !== name,
      );
      for (const other of others) {
        passwords.delete(other);
        refreshTokens.delete(other);
        kept.delete(other);
      }
      await safely(secrets.forgetAllBut(name));
    },
  };
};

const nameOf = ({ url, email }: Account): string => `${email} ${url}`;
