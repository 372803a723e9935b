import { CredentialsMissingError } from './errors.ts';
import type { Io } from './io.ts';
import { ask, askPassword, canAsk } from './terminal/questions.ts';

/**
 * Who signs in: what was given, else the environment (`LEDGERLINE_USERNAME`, `LEDGERLINE_PASSWORD`), else the person
 * at the terminal is asked; the password is not shown.
 * @throws CredentialsMissingError, InterruptedError
 */
export const credentialsFor = async (
  io: Io,
  given: { readonly url: string; readonly email: string | undefined; readonly password: string | undefined },
): Promise<{ readonly email: string; readonly password: string }> => {
  const { env } = io;
  const { url } = given;
  const email =
    filled(given.email) ??
    filled(env['LEDGERLINE_USERNAME']) ??
    filled(canAsk(io) ? await ask(io, `E-mail for ${url}: `) : undefined);
  if (email === undefined)
    throw new CredentialsMissingError(
      `Who signs in at ${url}? Give the e-mail with --username or in LEDGERLINE_USERNAME.`,
      { url },
    );
  const password =
    filled(given.password) ??
    filled(env['LEDGERLINE_PASSWORD']) ??
    filled(canAsk(io) ? await askPassword(io, `Password for ${email}: `) : undefined);
  if (password === undefined)
    throw new CredentialsMissingError(
      `The password of ${email} is missing and there is no terminal to ask at. Put it into LEDGERLINE_PASSWORD.`,
      { url, email },
    );
  return { email, password };
};

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
