import { formatsFor } from '../../../shared/formats.ts';
import { type Asked, askOwner } from '../asking-the-owner.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { columnsOf } from '../terminal/paint.ts';
import { safeText } from '../terminal/safe-text.ts';
import { wrapped } from '../terminal/wrap.ts';
import { type Hint, hintFor } from '../typed.ts';
import { UsageError } from '../usage-error.ts';
import { dataFolderFrom } from './data-dir.ts';
import { classFrom } from './failure-class.ts';

const OPTIONS = {
  class: { type: 'string' },
  code: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline ignore`: leaves out what failed, until it is retried or changes. */
export const ignoreCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('ignore', argv, OPTIONS);
  demandNone('ignore', positionals);
  const failureClass = classFrom(values.class);
  const { code } = values;
  if ((failureClass === undefined && code === undefined) !== (values.all === true))
    throw new UsageError(
      'Which ones? Say it with --class or with --code, or say --all. "list --state failed" shows what failed.',
    );
  const folder = dataFolderFrom(values['data-dir'], io);
  const ledger = await readLedger(folder, (reader) => ({
    // Of several archives, the one that was worked with last: "list" shows its failures.
    archiveId: reader.lastRun()?.archive_id ?? reader.archives().at(-1)?.id,
  }));
  if (ledger === undefined)
    throw new UsageError(`There is no ledger in ${folder} yet, so there is nothing to leave out.`);
  const { archiveId } = ledger;
  const asked = await askOwner(folder, {
    kind: 'ignore',
    ...(archiveId === undefined ? {} : { archiveId }),
    ...(failureClass === undefined ? {} : { failureClass }),
    ...(code === undefined ? {} : { code }),
  });
  if (values.json === true)
    io.stdout.write(
      `${JSON.stringify(asked.by === 'us' ? { left_out: asked.count, done: true } : { left_out: null, done: false })}\n`,
    );
  else {
    const words = wordsFor(asked, folder, hintFor(values['data-dir']));
    io.stdout.write(`${wrapped(words, columnsOf(io.stdout, io.env)).join('\n')}\n`);
  }
  return EXIT.allArchived;
};

const wordsFor = (asked: Asked, folder: string, hint: Hint): string => {
  const ledger = safeText(folder);
  if (asked.by === 'owner')
    return `Ledgerline is at work in ${ledger}; it was told and leaves out what has failed so.`;
  if (asked.count === 0) return `Nothing has failed so in ${ledger}, so there is nothing to leave out.`;
  const are = asked.count === 1 ? 'is' : 'are';
  return `${formatsFor().files(asked.count)} that had failed ${are} left out from now on, until changed on disk. They count as skipped; "${hint('retry')}" takes them back.`;
};
