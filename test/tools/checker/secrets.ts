import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { breach, type Breach } from './verdict.ts';

/** An address that lets whoever has it send bytes. */
const SIGNED_ADDRESS = /\/storage\/v1\.[\w-]+\.[\w-]+/;
/** 256 bits in base64url. */
const TOKEN_CHARACTERS = 43;
/** Runs in which a token may be hidden: a database puts its columns next to each other, with nothing between. */
const TOKEN_LIKE = /[\w-]{43,}/g;
/** One token in five thousand million has none; names and digests in a row mostly have none. */
const CAPITAL = /[A-Z]/;
/** The archive's own signing keys stand here, and have to. */
const KEY_FILES = /^keys\.json/;

/** Files in which no secret may stand: all that lie in both data folders, beside the stored music. */
export const filesToSearch = (
  ledger: string,
  archive: string,
  more: readonly string[],
): readonly string[] => [...filesIn(dirname(ledger)), ...filesIn(archive), ...more];

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !KEY_FILES.test(entry.name))
    .map((entry) => join(folder, entry.name));

/**
 * Looks for given secrets, for addresses that allow an upload, and for tokens: of those only the digests are known,
 * so everything that looks like one is digested too.
 */
export const secretsIn = (
  files: readonly string[],
  secrets: readonly string[],
  tokenHashes: ReadonlySet<string>,
): readonly Breach[] =>
  files.flatMap((file) => {
    // One character for each byte: nothing of a database is lost for not being text.
    const text = readFileSync(file, 'latin1');
    const told = (what: string): Breach => breach('secrets', `${basename(file)} holds ${what}`);
    return [
      ...secrets
        .filter((secret) => text.includes(Buffer.from(secret).toString('latin1')))
        .map(() => told('a secret that was given')),
      ...(SIGNED_ADDRESS.test(text) ? [told('an upload address')] : []),
      ...(someToken(text, tokenHashes) ? [told('a token')] : []),
    ];
  });

const someToken = (text: string, hashes: ReadonlySet<string>): boolean => {
  for (const [run] of text.matchAll(TOKEN_LIKE)) {
    for (let at = 0; at + TOKEN_CHARACTERS <= run.length; at += 1) {
      const candidate = run.slice(at, at + TOKEN_CHARACTERS);
      if (CAPITAL.test(candidate) && hashes.has(hash('sha256', candidate))) return true;
    }
  }
  return false;
};
