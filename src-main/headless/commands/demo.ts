import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSummary } from '../../../shared/run.ts';
import { beginArchiving } from '../archiving.ts';
import { type DemoLibrary, writeDemoLibrary } from '../demo/library.ts';
import { InterruptedError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { demandNone, parseOptions } from '../options.ts';
import { type Formats, formatsFor } from '../../../shared/formats.ts';
import { paintFor } from '../terminal/paint.ts';
import { safeText } from '../terminal/safe-text.ts';
import { hintFor } from '../typed.ts';

const OPTIONS = { keep: { type: 'boolean' } } as const;

/** `ledgerline demo`: the whole way on a small library. The exit code tells whether everything held. */
export const demoCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('demo', argv, OPTIONS);
  demandNone('demo', positionals);
  const keep = values.keep === true;
  const folder = await mkdtemp(join(tmpdir(), 'ledgerline-demo-'));
  try {
    const held = await show(folder, io);
    io.stdout.write(keep ? keptWords(folder) : `Removed ${safeText(folder)}; --keep leaves it there.\n`);
    return held ? EXIT.allArchived : EXIT.someNot;
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
};

const show = async (folder: string, io: Io): Promise<boolean> => {
  const formats = formatsFor();
  const paint = paintFor(io.stdout, io.env);
  const say = (text: string): void => void io.stdout.write(`${text}\n`);

  const music = join(folder, 'Music');
  const library = await writeDemoLibrary(music);
  say(
    `Made ${formats.files(library.tracks)} of music (${library.formats.join(', ')}; ${formats.bytes(library.bytes)}) in ${safeText(music)}.`,
  );

  const first = await run(folder, music, io, say);
  const isFirstRight = archivedAll(first, library);
  say(firstWords(first, isFirstRight, formats));

  const second = await run(folder, music, io, say);
  const isSecondRight = sentNothing(second, library);
  say(secondWords(second, isSecondRight, formats));

  const held = isFirstRight && isSecondRight;
  say(held ? paint.good('Everything held.') : paint.bad('Something did not hold; please tell us.'));
  return held;
};

const run = async (
  folder: string,
  music: string,
  io: Io,
  onNotice: (text: string) => void,
): Promise<RunSummary> => {
  const archiving = await beginArchiving({
    dataFolder: join(folder, 'data'),
    folders: [music],
    cwd: io.cwd,
    destination: { kind: 'here' },
    concurrency: 'auto',
    traditional: false,
    watch: false,
    acceptDuplicates: false,
    recheck: false,
    // Small and soon gone: no disk is too full for it.
    reserveBytes: 0,
    onNotice,
  });
  const forget = io.onSignal(() => archiving.run.stop());
  try {
    const { summary, interrupted } = await archiving.run.done;
    if (interrupted) throw new InterruptedError();
    return summary;
  } finally {
    forget();
    await archiving.close();
  }
};

const archivedAll = (summary: RunSummary, { tracks, bytes }: DemoLibrary): boolean =>
  summary.archived === tracks && summary.found === tracks && summary.bytes_sent === bytes;

const sentNothing = (summary: RunSummary, { tracks }: DemoLibrary): boolean =>
  summary.puts === 0 && summary.already_archived === tracks && summary.found === tracks;

const firstWords = (summary: RunSummary, isRight: boolean, formats: Formats): string =>
  isRight
    ? `First run: ${formats.files(summary.archived)} archived, ${formats.bytes(summary.bytes_sent)} sent, in ${formats.duration(summary.seconds)}.`
    : `First run: only ${formats.count(summary.archived)} of ${formats.files(summary.found)} archived.`;

const secondWords = (summary: RunSummary, isRight: boolean, formats: Formats): string =>
  isRight
    ? `Second run: nothing sent; all ${formats.files(summary.already_archived)} were archived already (${formats.duration(summary.seconds)}).`
    : `Second run: ${formats.files(summary.puts)} sent again, and ${formats.count(summary.already_archived)} known as archived.`;

const keptWords = (folder: string): string =>
  `Kept: the music in ${safeText(join(folder, 'Music'))}, the archive in ${safeText(join(folder, 'data', 'archive'))}.
Look at it with: ${hintFor(join(folder, 'data'))('status')}
`;
