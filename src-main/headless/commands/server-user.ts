import { type Role, roleSchema } from '../../../shared/api/auth.ts';
import { AccountError } from '../../../server/accounts/account-error.ts';
import { checkEmail } from '../../../server/accounts/accounts.ts';
import type { Maintenance } from '../../../server/maintenance.ts';
import { safeText } from '../terminal/safe-text.ts';
import { openArchive, readPassword, type ServerIo, UsageError } from './server-io.ts';

interface UserArguments {
  readonly dataDir: string;
  readonly role: string | undefined;
}

/** `ledgerline server user …`, also while the archive runs: both work on the same database. */
export const manageUsers = async (
  argv: readonly string[],
  { dataDir, role }: UserArguments,
  io: ServerIo,
): Promise<number> => {
  const [command, ...rest] = argv;
  const action = actionOf(command, rest, role, dataDir);
  const archive = await openArchive(dataDir);
  try {
    await action(archive, io);
  } finally {
    await archive.close();
  }
  return 0;
};

type Action = (archive: Maintenance, io: ServerIo) => Promise<void>;

/** Wrong use is found before anything is opened. */
const actionOf = (
  command: string | undefined,
  rest: readonly string[],
  role: string | undefined,
  dataDir: string,
): Action => {
  switch (command) {
    case 'add': {
      const [email] = demand(rest, ['EMAIL']);
      return addUser(email, roleOf(role ?? 'moderator'), dataDir);
    }
    case 'list':
      demand(rest, []);
      return listUsers(dataDir);
    case 'role': {
      const [email, wanted] = demand(rest, ['EMAIL', 'ROLE']);
      return changeRole(email, roleOf(wanted));
    }
    case 'password': {
      const [email] = demand(rest, ['EMAIL']);
      return changePassword(email);
    }
    case 'remove': {
      const [email] = demand(rest, ['EMAIL']);
      return removeUser(email);
    }
    default:
      throw new UsageError('server user takes add, list, role, password or remove.');
  }
};

const addUser =
  (email: string, role: Role, dataDir: string): Action =>
  async ({ accounts }, io) => {
    // Before somebody thinks of a password.
    if ((await accounts.find(checkEmail(email))) !== undefined)
      throw new AccountError('account_exists', `There is an account for ${email} already.`);
    const password = await readPassword(io, `Password for ${email}: `);
    const account = await accounts.add({ email, role, password });
    io.stdout.write(
      `Made the account ${account.email} with the role ${account.role} in ${safeText(dataDir)}.\n`,
    );
  };

const listUsers =
  (dataDir: string): Action =>
  async ({ accounts }, io) => {
    const all = await accounts.list();
    const width = Math.max(0, ...all.map(({ email }) => email.length));
    io.stdout.write(`Accounts of the archive in ${safeText(dataDir)}:\n`);
    for (const { email, role } of all) io.stdout.write(`${email.padEnd(width)}  ${role}\n`);
  };

const changeRole =
  (email: string, role: Role): Action =>
  async ({ accounts }, io) => {
    await accounts.setRole(email, role);
    io.stdout.write(`${email} now has the role ${role}.\n`);
  };

const changePassword =
  (email: string): Action =>
  async ({ accounts }, io) => {
    const password = await readPassword(io, `New password for ${email}: `);
    await accounts.setPassword(email, password);
    io.stdout.write(`${email} has a new password, and is signed out everywhere.\n`);
  };

const removeUser =
  (email: string): Action =>
  async (archive, io) => {
    await archive.removeAccount(email);
    io.stdout.write(`Removed the account ${email}. It is signed out everywhere.\n`);
  };

const roleOf = (text: string): Role => {
  const role = roleSchema.safeParse(text);
  if (!role.success) throw new UsageError(`${text} is not a role: take admin, moderator or member.`);
  return role.data;
};

const demand = <const Names extends readonly string[]>(
  rest: readonly string[],
  names: Names,
): { readonly [Name in keyof Names]: string } => {
  if (rest.length !== names.length) throw new UsageError(`Expected: ${names.join(' ') || 'nothing more'}.`);
  return rest as { readonly [Name in keyof Names]: string };
};
