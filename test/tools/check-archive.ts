/**
 * Says whether an archive holds what a library has. Run without arguments for the options.
 */
import { parseArgs } from 'node:util';
import { snapshotLibrary } from '../kit/library-snapshot.ts';
import { checkArchive } from './checker/check-archive.ts';
import { loadSnapshot, saveSnapshot } from './checker/snapshot-file.ts';
import type { Verdict } from './checker/verdict.ts';

const USAGE = `node test/tools/check-archive.ts --library DIR --ledger FILE --archive DIR [options]
node test/tools/check-archive.ts --library DIR --save-snapshot FILE

  --snapshot FILE    the library as it was before, kept with --save-snapshot
  --cleaned          the archive's clean-up has run: nothing may be left that no song needs
  --unfinished       files may still wait
  --lost-answers N   how many answers can have been lost by kills (0)
  --secret TEXT      may stand in no log and no database; may be given several times
  --printed FILE     one more file in which no secret may stand; may be given several times
  --json             the whole verdict as one line

Ends with 0 where all is well, with 1 where not, with 2 for wrong use.`;

const SHOWN = 50;

const optionsFrom = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      library: { type: 'string' },
      ledger: { type: 'string' },
      archive: { type: 'string' },
      snapshot: { type: 'string' },
      'save-snapshot': { type: 'string' },
      cleaned: { type: 'boolean', default: false },
      unfinished: { type: 'boolean', default: false },
      'lost-answers': { type: 'string', default: '0' },
      secret: { type: 'string', multiple: true, default: [] },
      printed: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  }).values;

const tell = ({ breaches, counts }: Verdict): void => {
  const { puts, ...rest } = counts;
  for (const [name, value] of [...Object.entries(rest), ...Object.entries(puts)])
    console.log(`${name.padEnd(10)} ${value}`);
  for (const { rule, message } of breaches.slice(0, SHOWN)) console.log(`BREACH ${rule}: ${message}`);
  if (breaches.length > SHOWN) console.log(`... and ${breaches.length - SHOWN} more`);
  console.log(breaches.length === 0 ? 'All is well.' : `${breaches.length} breaches.`);
};

const main = async (): Promise<number> => {
  const values = optionsFrom(process.argv.slice(2));
  const { library, ledger, archive } = values;
  if (library === undefined) throw new RangeError('--library is needed');
  if (values['save-snapshot'] !== undefined) {
    saveSnapshot(values['save-snapshot'], snapshotLibrary(library));
    return 0;
  }
  if (ledger === undefined || archive === undefined)
    throw new RangeError('--ledger and --archive are needed');
  const verdict = await checkArchive({
    library,
    ledger,
    archive,
    cleaned: values.cleaned,
    unfinished: values.unfinished,
    lostAnswers: Number(values['lost-answers']),
    secrets: values.secret,
    printed: values.printed,
    ...(values.snapshot === undefined ? {} : { before: loadSnapshot(values.snapshot) }),
  });
  if (values.json) console.log(JSON.stringify(verdict));
  else tell(verdict);
  return verdict.breaches.length === 0 ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
