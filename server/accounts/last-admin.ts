import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { AccountError } from './account-error.ts';

/**
 * An archive never loses its last admin.
 * @throws AccountError where the account is that one
 */
export const demandAnotherAdmin = async (trx: Transaction<Schema>, email: string): Promise<void> => {
  const admins = await trx.selectFrom('user').select('email').where('role', '=', 'admin').execute();
  if (admins.length > 1 || admins[0]?.email !== email.toLowerCase()) return;
  throw new AccountError(
    'last_admin',
    `${email} is the only admin of this archive. Give somebody else that role first.`,
  );
};
