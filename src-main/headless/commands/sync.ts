import type { RunSnapshot } from '../../../shared/run.ts';
import { inClearWords, isInClear } from '../../engine/archive/connect.ts';
import { KILL_POINTS } from '../../engine/kill-points.ts';
import type { Run, RunResult } from '../../engine/run.ts';
import { reserveFrom } from '../../shell/archive-here.ts';
import { beginArchiving, type Archiving, type ArchivingOptions, type Destination } from '../archiving.ts';
import { crashPoints } from '../../shell/crash-points.ts';
import { credentialsFor } from '../credentials.ts';
import { InterruptedError } from '../errors.ts';
import { EXIT, exitCodeOfRun } from '../exit-codes.ts';
import { listenForStop } from '../interruption.ts';
import type { Io } from '../io.ts';
import { placeNotice } from '../place-notice.ts';
import { type Formats, formatsFor } from '../../../shared/formats.ts';
import { columnsOf, paintFor } from '../terminal/paint.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { wrapped } from '../terminal/wrap.ts';
import { hintFor } from '../typed.ts';
import { attachCounts } from './failure-json.ts';
import { isUnconfirmed, recheckText } from './recheck-text.ts';
import { parseSync, type SyncOptions } from './sync-options.ts';
import { readReport, reportJson, reportText, unreachableIn } from './sync-report.ts';
import { trackLine } from './track-line.ts';

/** `ledgerline sync …`: brings libraries into an archive. Resolves to the exit code. */
export const syncCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const options = parseSync(argv, io);
  if (options.dryRun) {
    const { dryRun } = await import('./dry-run.ts');
    return dryRun(options, io);
  }
  const formats = formatsFor();
  const lines = options.json ? io.stderr : io.stdout;
  const progress = createProgress({
    lines,
    block: options.json || io.stdout.isTTY !== true ? io.stderr : io.stdout,
    env: io.env,
    formats,
    now: Date.now,
  });
  const paint = paintFor(lines, io.env);
  if (options.server !== undefined && isInClear(options.server.url))
    progress.say(wrapped(inClearWords(options.server.url), columnsOf(lines, io.env)).join('\n'));
  const destination = await destinationOf(options, io);

  const archiving = await beginUnlessStopped(
    io,
    archivingOptions(options, destination, io, progress.say, formats, columnsOf(lines, io.env)),
  );
  const { run } = archiving;
  // To the very end: who asks again while we tidy up must not cut that short.
  const forget = listenForStop(io, {
    drain: () => {
      progress.say('Finishing what is under way; Ctrl-C again stops at once. The next start continues.');
      run.drain();
    },
    stop: () => run.stop(),
    endProcess: () => process.exit(EXIT.interrupted),
  });
  let last: RunSnapshot | undefined;
  try {
    const where = await whereWords(archiving, options);
    progress.say(wrapped(where, columnsOf(lines, io.env)).join('\n'));
    const result = await follow(run, progress, (snapshot) => (last = snapshot));
    const report = await readReport(options.dataFolder, archiving, result);
    const code = exitCodeOfRun({
      ...result.summary,
      interrupted: result.interrupted,
      unreachable: unreachableIn(result),
      unconfirmed: isUnconfirmed(result.recheck, options.recheck),
    });
    progress.say(
      reportText(report, paint, {
        formats,
        columns: columnsOf(lines, io.env),
        hint: hintFor(options.dataDir),
      }),
    );
    const rechecked = recheckText(result.recheck, options.recheck, formats);
    for (const line of rechecked?.split('\n') ?? [])
      progress.say(wrapped(line, columnsOf(lines, io.env)).join('\n'));
    if (options.json) io.stdout.write(`${JSON.stringify(reportJson(report, code))}\n`);
    return code;
  } catch (error) {
    throw attachCounts(error, last);
  } finally {
    await archiving.close();
    forget();
  }
};

/** Before the password is asked for. */
const destinationOf = async ({ server }: SyncOptions, io: Io): Promise<Destination> =>
  server === undefined
    ? { kind: 'here' }
    : { kind: 'server', url: server.url, ...(await credentialsFor(io, server)) };

const archivingOptions = (
  options: SyncOptions,
  destination: Destination,
  io: Io,
  say: (text: string) => void,
  formats: Formats,
  columns: number,
): ArchivingOptions => ({
  dataFolder: options.dataFolder,
  folders: options.folders,
  cwd: io.cwd,
  destination,
  concurrency: options.concurrency,
  traditional: options.traditional,
  watch: options.watch,
  acceptDuplicates: options.acceptDuplicates,
  recheck: options.recheck,
  reserveBytes: reserveFrom(io.env),
  ...settledFrom(io.env),
  probe: crashPoints(io.env, KILL_POINTS),
  onNotice: (sentence) => say(wrapped(sentence, columns).join('\n')),
  ...(options.verbose ? { onTrack: (event) => say(trackLine(event, formats, columns)) } : {}),
});

/** For tests, which cannot wait a quarter of an hour for a create without an answer. */
const settledFrom = (env: Io['env']): Pick<ArchivingOptions, 'settledMs'> => {
  const settledMs = Number(env['LEDGERLINE_TEST_SETTLED_MS'] ?? Number.NaN);
  return Number.isSafeInteger(settledMs) && settledMs >= 0 ? { settledMs } : {};
};

/** Until something is under way there is nothing to finish: a signal ends the waiting at once. */
const beginUnlessStopped = async (io: Io, options: ArchivingOptions): Promise<Archiving> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const forget = io.onSignal(() => reject(new InterruptedError()));
  try {
    return await Promise.race([beginArchiving(options), promise]);
  } finally {
    forget();
  }
};

const whereWords = async ({ libraries, destination }: Archiving, { server }: SyncOptions): Promise<string> =>
  server === undefined
    ? placeNotice(
        destination,
        libraries.map(({ path }) => path),
      )
    : `The archive is ${destination}.`;

const follow = async (
  run: Run,
  progress: Progress,
  onSnapshot: (snapshot: RunSnapshot) => void,
): Promise<RunResult> => {
  const snapshot = (): RunSnapshot => {
    const now = run.snapshot();
    onSnapshot(now);
    return now;
  };
  progress.start(snapshot);
  try {
    return await run.done;
  } finally {
    snapshot();
    progress.stop();
  }
};
