/** What a person types to start this program; scripts/start.mjs tells, which knows whether npm did it. */
export const PROGRAM = process.env['LEDGERLINE_TYPED_AS'] === 'npm start --' ? 'npm start --' : 'ledgerline';

/** A command of this program as a person types it, the way this one was started. */
export const typed = (words: string): string => `${PROGRAM} ${words}`;

/** The same, for the ledger that is worked with. */
export type Hint = (words: string) => string;

/** @param dataDir as --data-dir named it; undefined where it did not */
export const hintFor =
  (dataDir: string | undefined): Hint =>
  (words) =>
    typed(dataDir === undefined ? words : `${words} --data-dir ${quoted(dataDir)}`);

/** A name as a shell takes it. */
export const quoted = (name: string): string =>
  /^[\w@%+=:,./-]+$/u.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
