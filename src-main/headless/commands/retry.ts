import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '../../engine/errors.ts';
import type { LedgerReader } from '../../engine/ledger/reader.ts';
import { type Asked, askOwner } from '../asking-the-owner.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { formatsFor } from '../../../shared/formats.ts';
import { columnsOf } from '../terminal/paint.ts';
import { wrapped } from '../terminal/wrap.ts';
import { safeText } from '../terminal/safe-text.ts';
import { type Hint, hintFor } from '../typed.ts';
import { UsageError } from '../usage-error.ts';
import { dataFolderFrom } from './data-dir.ts';
import { classFrom } from './failure-class.ts';

const OPTIONS = {
  class: { type: 'string' },
  code: { type: 'string' },
  track: { type: 'string' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline retry`: gives what failed, or was left out after it had failed, another chance. */
export const retryCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('retry', argv, OPTIONS);
  demandNone('retry', positionals);
  const failureClass = classFrom(values.class);
  if (values.track !== undefined && (values.class ?? values.code) !== undefined)
    throw new UsageError('--track names one file; --class and --code choose among all of them.');
  const folder = dataFolderFrom(values['data-dir'], io);
  const ledger = await readLedger(folder, (reader) => ({
    shut: reader.shutFolders(reader.libraries().map(({ id }) => id)),
    trackId: values.track === undefined ? undefined : trackAt(values.track, io.cwd, reader),
  }));
  if (ledger === undefined)
    throw new UsageError(`There is no ledger in ${folder} yet, so there is nothing to try again.`);
  const asked = await askOwner(
    folder,
    ledger.trackId === undefined
      ? {
          kind: 'retry',
          ...(failureClass === undefined ? {} : { failureClass }),
          ...(values.code === undefined ? {} : { code: values.code }),
        }
      : { kind: 'retry_track', trackId: ledger.trackId },
  );
  if (values.json === true)
    io.stdout.write(
      `${JSON.stringify(asked.by === 'us' ? { to_try_again: asked.count, done: true } : { to_try_again: null, done: false })}\n`,
    );
  else {
    const hint = hintFor(values['data-dir']);
    const words =
      values.track === undefined
        ? wordsFor(asked, folder, ledger.shut.folders, hint)
        : trackWords(asked, values.track, hint);
    io.stdout.write(`${wrapped(words, columnsOf(io.stdout, io.env)).join('\n')}\n`);
  }
  return EXIT.allArchived;
};

/** The file may be gone by now, and be known still. @throws UsageError */
const trackAt = (named: string, cwd: string, reader: LedgerReader): number => {
  const path = resolve(cwd, named);
  const id = reader.trackAt(Buffer.from(path)) ?? reader.trackAt(Buffer.from(withRealFolder(path)));
  if (id !== undefined) return id;
  throw new UsageError(`${safeText(named)} is no file that this ledger knows.`);
};

/** Libraries are known by where they truly lie. */
const withRealFolder = (path: string): string => {
  try {
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return path;
  }
};

const trackWords = (asked: Asked, named: string, hint: Hint): string => {
  const file = safeText(named);
  if (asked.by === 'owner')
    return `Ledgerline is at work; it was told and tries ${file} again, if it failed.`;
  if (asked.count === 0) return `${file} had not failed, so there is nothing to try again.`;
  return `${file} is tried again at the next "${hint('sync')}".`;
};

const wordsFor = (asked: Asked, folder: string, shut: number, hint: Hint): string =>
  `${triedWords(asked, folder, shut, hint)}${shut === 0 ? '' : ` ${againWords(shut)}`}`;

/** Nobody need ask for these. */
const againWords = (shut: number): string =>
  `${formatsFor().folders(shut)} that could not be looked into ${shut === 1 ? 'is' : 'are'} looked into again at every start anyway.`;

const triedWords = (asked: Asked, folder: string, shut: number, hint: Hint): string => {
  const ledger = safeText(folder);
  if (asked.by === 'owner')
    return `Ledgerline is at work in ${ledger}; it was told and tries again what failed.`;
  if (asked.count === 0 && shut > 0) return `No file had failed in ${ledger}.`;
  if (asked.count === 0) return `Nothing had failed in ${ledger}, so there is nothing to try again.`;
  return `${formatsFor().files(asked.count)} that had failed ${asked.count === 1 ? 'is' : 'are'} tried again at the next "${hint('sync')}".`;
};
