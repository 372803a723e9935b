import type { RunSummary } from '../../../shared/run.ts';
import { asLeftOut, type FailureGroup, type GroupedState } from '../../engine/ledger/failure-groups.ts';
import { displayPath } from '../../engine/library/paths.ts';
import { UNREACHABLE_REASONS } from '../../engine/library/reasons.ts';
import type { RunResult } from '../../engine/run.ts';
import type { Archiving } from '../archiving.ts';
import { readLedger } from '../ledger-reading.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapped } from '../terminal/wrap.ts';
import { foldersIn, groupLines, type ShownTo, shutWords } from './failure-text.ts';

/** What is told at the end of a run. */
export interface RunReport {
  readonly summary: RunSummary;
  readonly archive: string;
  readonly libraries: readonly LibraryReport[];
  readonly interrupted: boolean;
  readonly recheck?: RunResult['recheck'];
  readonly failed: readonly FailureGroup[];
  /** Tried in vain, to be tried again. */
  readonly waiting: readonly FailureGroup[];
  readonly skipped: readonly FailureGroup[];
}

export interface LibraryReport {
  readonly path: string;
  /** Taken out of the ledger while the run was under way. */
  readonly isForgotten: boolean;
  /** Why it could not be looked through. */
  readonly unreachable?: string;
  /** Files that are no tracks, by extension. */
  readonly others: Readonly<Record<string, number>>;
}

const EXAMPLES = 3;

/** Reads the reasons from the ledger, where all of them stand. */
export const readReport = async (
  dataFolder: string,
  archiving: Archiving,
  result: RunResult,
): Promise<RunReport> => {
  const base = {
    summary: result.summary,
    archive: archiving.destination,
    interrupted: result.interrupted,
    ...(result.recheck === undefined ? {} : { recheck: result.recheck }),
  };
  const groups = await readLedger(dataFolder, (reader) => {
    const archiveId = reader.lastRun()?.archive_id ?? 0;
    const ids = archiving.libraries.map(({ id }) => id);
    const of = (state: GroupedState) => reader.failureGroups(state, archiveId, ids, EXAMPLES);
    const known = new Set(reader.libraries().map(({ id }) => id));
    return {
      libraries: archiving.libraries.map(({ id, path }) => ({
        ...libraryReport(path, result.scans.get(id)),
        isForgotten: !known.has(id),
      })),
      failed: of('failed'),
      waiting: of('waiting'),
      skipped: [...of('skipped'), ...of('ignored').map(asLeftOut)],
    };
  });
  if (groups === undefined) throw new Error('the ledger of this very run is not there');
  return { ...base, ...groups };
};

type Scan = RunResult['scans'] extends ReadonlyMap<number, infer R> ? R : never;

const libraryReport = (path: Uint8Array, scan: Scan | undefined): Omit<LibraryReport, 'isForgotten'> => ({
  path: displayPath(path),
  others: scan?.others ?? {},
  ...(scan?.reason === undefined ? {} : { unreachable: UNREACHABLE_REASONS[scan.reason] }),
});

export const unreachableIn = (result: RunResult): number =>
  [...result.scans.values()].filter(({ outcome }) => outcome === 'unreachable').length;

/** The one object of --json. */
export const reportJson = (report: RunReport, exitCode: number): Readonly<Record<string, unknown>> => ({
  ...report.summary,
  archive: report.archive,
  libraries: report.libraries.map(({ path, unreachable }) => ({
    path,
    ...(unreachable === undefined ? {} : { unreachable }),
  })),
  interrupted: report.interrupted,
  ...(report.recheck === undefined ? {} : { recheck: report.recheck }),
  reasons: [
    ...report.failed.map((group) => ({ state: 'failed', ...groupJson(group) })),
    ...report.waiting.map((group) => ({ state: 'waiting', ...groupJson(group) })),
    ...report.skipped.map((group) => ({ state: 'skipped', ...groupJson(group) })),
  ],
  exit_code: exitCode,
});

const groupJson = ({ code, tracks, sentence, examples }: FailureGroup) => ({
  code,
  tracks,
  sentence,
  examples,
});

/** The same for a person: the reasons first and the result last, where it is read. */
export const reportText = (report: RunReport, paint: Paint, shown: ShownTo): string => {
  const { formats, columns } = shown;
  const { summary, libraries, failed, waiting, skipped } = report;
  const lines = [
    ...section('Skipped', 'skipped', skipped, shown, paint.dim),
    ...section('Still waiting, tried again at the next start', 'waiting', waiting, shown, paint.warn),
    ...section('Not archived', 'failed', failed, shown, paint.bad),
    ...libraries.flatMap(({ path, unreachable, isForgotten }) => [
      ...(isForgotten ? [`${path} was forgotten meanwhile, as you asked.`] : []),
      ...(unreachable === undefined
        ? []
        : wrapped(`${path}: ${unreachable}`, columns, 2).map((line) => paint.bad(line))),
    ]),
    ...wrapped(headline(report, formats), columns).map((line) => paint.bold(line)),
    ...countLines(summary, foldersIn(failed), formats),
    ...wrapped(missingWords(summary, shown), columns).filter((line) => line !== ''),
  ];
  return lines.join('\n');
};

const headline = (report: RunReport, formats: Formats): string => {
  const { summary, interrupted, libraries } = report;
  const folders = foldersIn(report.failed);
  const { waiting, skipped, puts } = summary;
  const [found, failed] = [summary.found - folders, summary.failed - folders];
  const time = formats.duration(summary.seconds);
  if (interrupted) return `Stopped after ${time}. The next start continues from here.`;
  if (libraries.some(({ unreachable }) => unreachable !== undefined))
    return `Done in ${time}, but not every folder could be looked through.`;
  if (failed + waiting > 0)
    return `Done in ${time}; ${formats.files(failed + waiting)} of ${formats.count(found)} could not be archived yet.`;
  if (folders > 0) return `Done in ${time}; ${shutWords(folders, formats)}.`;
  if (libraries.every(({ isForgotten }) => isForgotten))
    return `Nothing is left to archive or to watch; ended after ${time}.`;
  if (found === 0) return 'There is no music in this folder yet.';
  if (found === skipped) return `Nothing here can be archived: ${formats.files(skipped)} skipped (${time}).`;
  const all = skipped > 0 ? `All is archived but the ${formats.files(skipped)} skipped` : 'All is archived';
  return puts === 0 ? `${all}; there was nothing to send (${time}).` : `${all} (${time}).`;
};

/** Of a run that sent files some may be equal to these, and have never been sent themselves. */
const alreadyWords = ({ puts }: RunSummary): string =>
  puts === 0 ? 'archived already' : 'archived already, or equal to another file, which is sent once';

const countLines = (summary: RunSummary, shut: number, formats: Formats): readonly string[] => {
  const rows: readonly (readonly [number, string])[] = [
    [summary.archived, `archived now, ${formats.bytes(summary.bytes_sent)} sent`],
    [summary.already_archived, alreadyWords(summary)],
    [summary.moved, 'at a new place, recognised without sending them again'],
    [summary.skipped, 'skipped'],
    [summary.failed - shut, 'failed'],
    [summary.waiting, 'waiting'],
    [shut, `${shut === 1 ? 'folder' : 'folders'} that could not be looked into`],
  ];
  const shown = rows.filter(([count]) => count > 0).map(([count, words]) => [formats.count(count), words]);
  const width = Math.max(0, ...shown.map(([count = '']) => count.length));
  return shown.map(([count = '', words]) => `  ${count.padStart(width)} ${words}`);
};

const missingWords = ({ missing }: RunSummary, { formats, hint }: ShownTo): string =>
  missing === 0
    ? ''
    : `${formats.files(missing)} that ${missing === 1 ? 'was' : 'were'} there before ${missing === 1 ? 'is' : 'are'} not there now; what is archived of them stays. Which: ${hint('list --state missing')}`;

/** As many causes as a person takes in at once, the commonest first. */
const MOST_GROUPS = 5;

const section = (
  title: string,
  state: 'failed' | 'waiting' | 'skipped',
  groups: readonly FailureGroup[],
  shown: ShownTo,
  style: (text: string) => string,
): readonly string[] => {
  if (groups.length === 0) return [];
  const { formats, hint } = shown;
  const more = groups.length - MOST_GROUPS;
  return [
    style(`${title}:`),
    ...groups
      .toSorted((a, b) => b.tracks - a.tracks)
      .slice(0, MOST_GROUPS)
      .flatMap((group) => groupLines(group, shown)),
    ...(more > 0 ? [`  and ${formats.count(more)} ${more === 1 ? 'more reason' : 'more reasons'}`] : []),
    `  All of them: ${hint(`list --state ${state}`)}`,
    '',
  ];
};
