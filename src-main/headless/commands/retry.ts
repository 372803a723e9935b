import { askOwner } from '../asking-the-owner.ts';
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
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline retry`: gives what failed, or was left out after it had failed, another chance. */
export const retryCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('retry', argv, OPTIONS);
  demandNone('retry', positionals);
  const failureClass = classFrom(values.class);
  const folder = dataFolderFrom(values['data-dir'], io);
  const shut = await readLedger(folder, (reader) =>
    reader.shutFolders(reader.libraries().map(({ id }) => id)),
  );
  if (shut === undefined)
    throw new UsageError(`There is no ledger in ${folder} yet, so there is nothing to try again.`);
  const asked = await askOwner(folder, {
    kind: 'retry',
    ...(failureClass === undefined ? {} : { failureClass }),
    ...(values.code === undefined ? {} : { code: values.code }),
  });
  if (values.json === true)
    io.stdout.write(
      `${JSON.stringify(asked.by === 'us' ? { to_try_again: asked.count, done: true } : { to_try_again: null, done: false })}\n`,
    );
  else {
    const words = wordsFor(asked, folder, shut.folders, hintFor(values['data-dir']));
    io.stdout.write(`${wrapped(words, columnsOf(io.stdout, io.env)).join('\n')}\n`);
  }
  return EXIT.allArchived;
};

const wordsFor = (
  asked: Awaited<ReturnType<typeof askOwner>>,
  folder: string,
  shut: number,
  hint: Hint,
): string => `${triedWords(asked, folder, shut, hint)}${shut === 0 ? '' : ` ${againWords(shut)}`}`;

/** Nobody need ask for these. */
const againWords = (shut: number): string =>
  `${formatsFor().folders(shut)} that could not be looked into ${shut === 1 ? 'is' : 'are'} looked into again at every start anyway.`;

const triedWords = (
  asked: Awaited<ReturnType<typeof askOwner>>,
  folder: string,
  shut: number,
  hint: Hint,
): string => {
  const ledger = safeText(folder);
  if (asked.by === 'owner')
    return `Ledgerline is at work in ${ledger}; it was told and tries again what failed.`;
  if (asked.count === 0 && shut > 0) return `No file had failed in ${ledger}.`;
  if (asked.count === 0) return `Nothing had failed in ${ledger}, so there is nothing to try again.`;
  return `${formatsFor().files(asked.count)} that had failed ${asked.count === 1 ? 'is' : 'are'} tried again at the next "${hint('sync')}".`;
};
