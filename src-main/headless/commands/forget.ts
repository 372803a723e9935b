import { resolve } from 'node:path';
import type { LibraryRow } from '../../engine/ledger/reader.ts';
import { chosenFolder, LibraryError } from '../../engine/library/choose.ts';
import { displayPath } from '../../engine/library/paths.ts';
import { askOwner } from '../asking-the-owner.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { parseOptions } from '../options.ts';
import { safeText } from '../terminal/safe-text.ts';
import { ask, canAsk } from '../terminal/questions.ts';
import { typed } from '../typed.ts';
import { UsageError } from '../usage-error.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = {
  yes: { type: 'boolean', short: 'y' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline forget FOLDER`: takes a library out of the ledger. Files and archive stay as they are. */
export const forgetCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('forget', argv, OPTIONS);
  const [named, ...rest] = positionals;
  if (named === undefined || named === '' || rest.length > 0)
    throw new UsageError(`Which library? Name one folder: ${typed('forget ~/Music')}`);
  const json = values.json === true;
  const folder = dataFolderFrom(values['data-dir'], io);
  const library = libraryAt(named, io.cwd, (await readLedger(folder, (reader) => reader.libraries())) ?? []);
  if (values.yes !== true && !(await isAgreed(library, io))) {
    io.stdout.write(json ? toldJson(undefined, true) : 'Nothing was changed.\n');
    return EXIT.allArchived;
  }
  const { by } = await askOwner(folder, { kind: 'forget', libraryId: library.id });
  const path = displayPath(library.path);
  if (json) io.stdout.write(toldJson(path, by === 'us'));
  else
    io.stdout.write(
      by === 'us'
        ? `${path} is forgotten. Its files and what is archived of them stay as they are.\n`
        : `Ledgerline is at work; it was told to forget ${path}.\n`,
    );
  return EXIT.allArchived;
};

/** `done`: or left for the one who is at work, who does it within a second or so. */
const toldJson = (forgotten: string | undefined, done: boolean): string =>
  `${JSON.stringify({ forgotten: forgotten ?? null, done })}\n`;

/** The library that a person means; its folder may be gone by now. */
const libraryAt = (named: string, cwd: string, libraries: readonly LibraryRow[]): LibraryRow => {
  const wanted = [Buffer.from(resolve(cwd, named)), realFolder(named, cwd)];
  const library = libraries.find(({ path }) => wanted.some((one) => one?.equals(path) === true));
  if (library !== undefined) return library;
  const known = libraries.map(({ path }) => displayPath(path)).join(', ');
  throw new UsageError(
    `${safeText(named)} is no library of this ledger. ${known === '' ? 'It has none yet.' : `It has ${known}.`}`,
  );
};

const realFolder = (named: string, cwd: string): Buffer | undefined => {
  try {
    return Buffer.from(chosenFolder(named, cwd));
  } catch (error) {
    if (error instanceof LibraryError) return undefined;
    throw error;
  }
};

const isAgreed = async (library: LibraryRow, io: Io): Promise<boolean> => {
  if (!canAsk(io)) throw new UsageError('There is no terminal to ask at; add --yes to forget it.');
  const answer = await ask(
    io,
    `Forget ${displayPath(library.path)}? Its files and what is archived of them stay as they are. [y/N] `,
  );
  return /^y(es)?$/i.test(answer);
};
