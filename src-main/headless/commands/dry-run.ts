import type { Findings } from '../../engine/plan/findings.ts';
import { RESERVE_BYTES, type Room, roomAt } from '../../engine/plan/room.ts';
import { withThrowAwayLedger } from '../../engine/plan/throw-away-ledger.ts';
import { lookAtFolders } from '../dry-run/look.ts';
import { type Plan, planFor } from '../dry-run/plan.ts';
import { dryRunText } from '../dry-run/text.ts';
import { nodeLaunch } from '../launch.ts';
import { InterruptedError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { archiveFolderIn } from '../../shell/archive-here.ts';
import { formatsFor } from '../../../shared/formats.ts';
import { columnsOf, paintFor } from '../terminal/paint.ts';
import { wrapped } from '../terminal/wrap.ts';
import { elsewhereWords } from '../place-notice.ts';
import { hintFor } from '../typed.ts';
import type { SyncOptions } from './sync-options.ts';

/** Looking into files that are new takes at most so long. */
const LOOK_MS = 30_000;

/** Where the page was told to keep it, or where it is otherwise. */
const archiveFolderOf = async (dataFolder: string): Promise<string> => {
  const archive = await readLedger(dataFolder, (reader) => reader.settings().archive);
  return (archive?.kind === 'here' ? archive.folder : null) ?? archiveFolderIn(dataFolder);
};

/** `ledgerline sync --dry-run`: what a run would do, and how long it would take. Sends and changes nothing. */
export const dryRun = async (options: SyncOptions, io: Io): Promise<number> => {
  const here = options.server === undefined;
  const archiveFolder = await archiveFolderOf(options.dataFolder);
  const stopped = new AbortController();
  const forget = io.onSignal(() => stopped.abort());
  try {
    const findings = await withThrowAwayLedger(options.dataFolder, nodeLaunch.sqlFolder('ledger'), (ledger) =>
      lookAtFolders(ledger, {
        folders: options.folders,
        cwd: io.cwd,
        dataFolder: options.dataFolder,
        place: options.server?.url ?? archiveFolder,
        signal: stopped.signal,
        lookMs: LOOK_MS,
      }),
    );
    if (stopped.signal.aborted) throw new InterruptedError();
    const { totals, measured } = findings;
    const plan = planFor(
      { files: totals.waiting, bytes: totals.bytesWaiting },
      { here, line: options.line, measured },
    );
    const room = here ? await roomAt(archiveFolder, totals.bytesWaiting, RESERVE_BYTES) : undefined;
    const unreachable = findings.libraries.some((library) => library.unreachable !== undefined);
    const code = unreachable || totals.failed > 0 ? EXIT.someNot : EXIT.allArchived;
    const columns = columnsOf(io.stdout, io.env);
    if (here && findings.elsewhere !== undefined)
      (options.json ? io.stderr : io.stdout).write(
        `${wrapped(elsewhereWords(findings.elsewhere, Date.now()), columns).join('\n')}\n`,
      );
    io.stdout.write(
      options.json
        ? `${JSON.stringify(dryRunJson(findings, plan, room, code))}\n`
        : `${dryRunText(findings, plan, room, paintFor(io.stdout, io.env), { formats: formatsFor(), columns, hint: hintFor(options.dataDir) })}\n`,
    );
    return code;
  } finally {
    forget();
  }
};

const dryRunJson = (
  findings: Findings,
  plan: Plan,
  room: Room | undefined,
  exitCode: number,
): Readonly<Record<string, unknown>> => {
  const { totals } = findings;
  return {
    dry_run: true,
    found: totals.archived + totals.failed + totals.skipped + totals.waiting,
    archived: 0,
    already_archived: totals.archived,
    moved: 0,
    failed: totals.failed,
    skipped: totals.skipped,
    waiting: totals.waiting,
    missing: findings.missing,
    puts: 0,
    bytes_sent: 0,
    bytes_found: totals.bytesFound,
    bytes_waiting: totals.bytesWaiting,
    formats: findings.formats,
    reasons: [
      ...findings.skipped.map((group) => ({ state: 'skipped', ...group })),
      ...findings.failed.map((group) => ({ state: 'failed', ...group })),
    ],
    others: findings.others,
    looked_into: findings.lookedInto,
    not_looked_into: findings.notLookedInto,
    libraries: findings.libraries,
    ...(room === undefined ? {} : { room }),
    estimates: plan.rows.flatMap((row) =>
      row.kind === 'measured'
        ? [{ basis: 'measured', bytes_per_second: row.rate.bytesPerSecond, ...row.estimate }]
        : row.estimates.map((estimate) => ({
            basis: 'assumed',
            bytes_per_second: row.pace.bytesPerSecond,
            ...estimate,
          })),
    ),
    assumptions: plan.assumptions,
    exit_code: exitCode,
  };
};
