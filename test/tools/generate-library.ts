/**
 * Makes a library of real, tagged audio files. Run without arguments for the options.
 */
import { parseArgs } from 'node:util';
import { WRITABLE_FORMATS, type WritableFormat } from '../../src-main/headless/demo/audio/formats.ts';
import { generateLibrary } from './generator/generate.ts';
import type { LibraryOptions } from './generator/plan.ts';

const USAGE = `node test/tools/generate-library.ts --out DIR --files N [options]

  --size BYTES        of an average file (100000); single ones have 60 to 140 % of it
  --seed N            another seed gives the same names with other bytes (1)
  --formats LIST      of ${WRITABLE_FORMATS.join(',')} (all); one format an album, in turn
  --albums N          to spread the files over (one for each dozen files)
  --covers            puts a cover into every file
  --duplicates SHARE  of the files, 0 to below 1, that are copies of another (0)
  --odd-names         adds a folder of names that programs stumble over`;

const isWritable = (format: string): format is WritableFormat =>
  (WRITABLE_FORMATS as readonly string[]).includes(format);

const formatList = (list: string): readonly WritableFormat[] =>
  list.split(',').map((format) => {
    if (!isWritable(format)) throw new RangeError(`${format} is none of ${WRITABLE_FORMATS.join(', ')}`);
    return format;
  });

const numberFrom = (text: string): number => {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new RangeError(`${text} is no number`);
  return number;
};

const optionsFrom = (args: readonly string[]): LibraryOptions & { readonly out: string } => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      files: { type: 'string' },
      size: { type: 'string' },
      seed: { type: 'string' },
      formats: { type: 'string' },
      albums: { type: 'string' },
      covers: { type: 'boolean' },
      duplicates: { type: 'string' },
      'odd-names': { type: 'boolean' },
    },
  });
  if (values.out === undefined || values.files === undefined)
    throw new RangeError('--out and --files are needed');
  return {
    out: values.out,
    files: numberFrom(values.files),
    ...(values.size === undefined ? {} : { size: numberFrom(values.size) }),
    ...(values.seed === undefined ? {} : { seed: numberFrom(values.seed) }),
    ...(values.formats === undefined ? {} : { formats: formatList(values.formats) }),
    ...(values.albums === undefined ? {} : { albums: numberFrom(values.albums) }),
    ...(values.covers === undefined ? {} : { covers: values.covers }),
    ...(values.duplicates === undefined ? {} : { duplicates: numberFrom(values.duplicates) }),
    ...(values['odd-names'] === undefined ? {} : { oddNames: values['odd-names'] }),
  };
};

const main = async (): Promise<void> => {
  const started = performance.now();
  const library = await generateLibrary(optionsFrom(process.argv.slice(2)));
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Math.round(library.bytes / 1e6);
  console.log(
    `${library.tracks.length} tracks (${library.contents} contents, ${megabytes} MB) and ${library.neighbours} ` +
      `other files in ${seconds.toFixed(1)} s, ${Math.round(library.tracks.length / seconds)} files/s`,
  );
  for (const { path, code } of library.refused)
    console.log(`not taken here (${code}): ${JSON.stringify(String(path))}`);
};

try {
  await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
