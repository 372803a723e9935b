import type { LastRun, LibraryRow } from '../../engine/ledger/reader.ts';
import {
  foundIn,
  type ShutFolders,
  type StandingTotals,
  withoutFolders,
} from '../../engine/ledger/totals.ts';
import type { Settings } from '../../../shared/settings.ts';
import { displayPath } from '../../engine/library/paths.ts';
import { UNREACHABLE_REASONS, type UnreachableReason } from '../../engine/library/reasons.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Paint } from '../terminal/paint.ts';
import { safeText } from '../terminal/safe-text.ts';
import { type Hint, quoted } from '../typed.ts';
import { wrapped } from '../terminal/wrap.ts';
import { bytesWords, filesWords } from '../terminal/block.ts';
import { paceWords, type StatusPace } from './status-pace.ts';
import { type ShownTo, shutWords } from './failure-text.ts';

export interface Status {
  readonly dataFolder: string;
  /** Who works on it now, in a few words. */
  readonly atWork: string | undefined;
  readonly libraries: readonly LibraryStatus[];
  readonly archives: readonly ArchiveStatus[];
  readonly lastRun: LastRun | undefined;
  readonly pace: StatusPace | undefined;
  /** What holds files back for a time; undefined where there is no ledger. */
  readonly holding: Pick<Settings, 'pause' | 'nightWindow'> | undefined;
}

export interface LibraryStatus extends LibraryRow {
  /** Tracks that were there before and are not now. */
  readonly missing: number;
  /** Folders in it that could not be looked into. */
  readonly shut: ShutFolders;
  /** Why it cannot be looked through now. */
  readonly unreachable: UnreachableReason | undefined;
  /** Tracks of a library that cannot be reached which another one has too; the archives' totals count them there. */
  readonly countedElsewhere: number;
}

export interface ArchiveStatus {
  readonly id: number;
  /** Its address or folder, where it was reached last. */
  readonly place: string;
  /** What the ledger knows it by, see engine/archive/connect.ts. */
  readonly identity: string;
  /** It took something once, or said that it has something. */
  readonly wasUsed: boolean;
  readonly totals: StandingTotals;
  /** In the order of the status's libraries. */
  readonly perLibrary: readonly StandingTotals[];
}

/** `ledgerline status` for a person. */
export const statusText = (status: Status, paint: Paint, now: number, shown: ShownTo): string => {
  const { formats, columns, hint } = shown;
  const { libraries, lastRun, atWork } = status;
  const archives = worthTelling(status);
  if (libraries.length === 0 && archives.length === 0)
    return [
      `There is nothing in ${safeText(status.dataFolder)} yet. "${hint('sync ~/Music')}" begins.`,
      ...(atWork === undefined ? [] : [`At work now: ${safeText(atWork)}.`]),
    ].join('\n');
  return [
    atWork === undefined ? 'Nobody is at work now.' : paint.bold(`At work now: ${safeText(atWork)}.`),
    ...holdingWords(status.holding, shown, now).map((line) => paint.warn(line)),
    ...(lastRun === undefined ? [] : wrapped(runWords(lastRun, atWork !== undefined, formats, now), columns)),
    ...paceWords(status.pace, formats, now).flatMap((line) => wrapped(line, columns)),
    '',
    paint.bold(libraries.length === 1 ? 'Library' : 'Libraries'),
    ...(libraries.length === 0 ? [`  none; "${hint('sync ~/Music')}" adds one`] : []),
    ...libraries.flatMap((library) => [
      ...wrapped(
        `  ${displayPath(library.path)}, ${lookedWords(library.scanned_at, formats, now)}${missingWords(library.missing, formats)}`,
        columns,
        4,
      ),
      ...unreachableLines(library, shown).map((line) => paint.warn(line)),
    ]),
    ...archives.flatMap(({ place, identity, totals, perLibrary }) => [
      '',
      paint.bold(`Archive ${safeText(place)}${accountWords(place, identity, archives)}`),
      ...totalsLines(withoutFolders(totals, shutIn(libraries)), formats, paint),
      ...(libraries.length < 2
        ? []
        : perLibrary.flatMap((part, i) => {
            const library = libraries[i];
            if (library === undefined || (foundIn(part) === 0 && library.countedElsewhere > 0)) return [];
            const files = withoutFolders(part, library.shut);
            return `  ${displayPath(library.path)}: ${shareWords(files, formats)}${failedWords(files, formats)}`;
          })),
    ]),
    ...shutLines(shutIn(libraries), formats).map((line) => paint.warn(line)),
    ...hints({ archives, libraries }, hint).flatMap((line) => wrapped(line, columns, 2)),
  ].join('\n');
};

const holdingWords = (
  holding: Status['holding'],
  { formats, columns, hint }: ShownTo,
  now: number,
): readonly string[] => {
  const { pause = null, nightWindow = null } = holding ?? {};
  const resume = `"${hint('resume')}"`;
  const lines = [
    pause === null || (pause.until !== null && pause.until <= now)
      ? ''
      : pause.until === null
        ? `Paused until ${resume}.`
        : `Paused. It continues ${formats.when(pause.until, now)}, or with ${resume}.`,
    nightWindow === null ? '' : `Files go only from ${nightWindow.from} to ${nightWindow.to}.`,
  ];
  return lines.filter((line) => line !== '').flatMap((line) => wrapped(line, columns));
};

/**
 * The archive that was worked with last comes first. One that never took anything, as after a sign-in with the wrong
 * account, is left out where there is any better.
 */
const worthTelling = ({ archives, lastRun }: Status): readonly ArchiveStatus[] => {
  const used = archives.filter(({ wasUsed }) => wasUsed);
  const told = used.length === 0 ? archives : used;
  const isLast = ({ id }: ArchiveStatus): boolean => id === lastRun?.archive_id;
  return [...told.filter(isLast), ...told.filter((archive) => !isLast(archive))];
};

const shutIn = (libraries: readonly LibraryStatus[]): ShutFolders => ({
  folders: libraries.reduce((sum, { shut }) => sum + shut.folders, 0),
  bytes: libraries.reduce((sum, { shut }) => sum + shut.bytes, 0),
});

const shutLines = ({ folders }: ShutFolders, formats: Formats): readonly string[] =>
  folders === 0 ? [] : ['', `${shutWords(folders, formats)}.`];

/** Where one place is there more than once: each account is an archive of its own. */
const accountWords = (place: string, identity: string, archives: readonly ArchiveStatus[]): string => {
  const parts = partsOf(identity);
  const others = archives
    .filter((archive) => archive.place === place && archive.identity !== identity)
    .map((archive) => partsOf(archive.identity));
  if (others.length === 0) return '';
  const sameArchive = others.every(({ archive }) => archive === parts.archive);
  return sameArchive
    ? `, account ${safeText(parts.account)}`
    : `, account ${safeText(parts.account)} of archive ${safeText(parts.archive)}`;
};

/** The account is what follows the last colon; addresses hold colons too. */
const partsOf = (identity: string): { readonly archive: string; readonly account: string } => {
  const end = identity.lastIndexOf(':');
  return { archive: identity.slice(identity.indexOf(':') + 1, end), account: identity.slice(end + 1) };
};

const lookedWords = (scannedAt: number | null, formats: Formats, now: number): string =>
  scannedAt === null ? 'not looked through to the end yet' : `looked through ${formats.past(scannedAt, now)}`;

const missingWords = (missing: number, formats: Formats): string =>
  missing === 0
    ? ''
    : `; ${formats.files(missing)} that ${missing === 1 ? 'was' : 'were'} there before ${missing === 1 ? 'is' : 'are'} missing`;

const unreachableLines = (
  { path, unreachable, countedElsewhere }: LibraryStatus,
  { formats, columns, hint }: ShownTo,
): readonly string[] => {
  if (unreachable === undefined) return [];
  const twins =
    countedElsewhere === 0
      ? ''
      : ` ${formats.files(countedElsewhere)} of it ${countedElsewhere === 1 ? 'is' : 'are'} in another library too and counted there only; if the folder was moved, ${hint(`forget ${quoted(displayPath(path))}`)} leaves the old place out.`;
  return wrapped(`    ${UNREACHABLE_REASONS[unreachable]}${twins}`, columns, 4);
};

const runWords = (run: LastRun, isAtWork: boolean, formats: Formats, now: number): string => {
  const began = `Last run: ${formats.past(run.started_at, now)}`;
  const sent = `${formats.files(run.puts)} sent (${formats.bytes(run.bytes_sent)})`;
  if (run.ended_at !== null)
    return `${began}, ${formats.duration((run.ended_at - run.started_at) / 1000)}, ${sent}.`;
  return isAtWork
    ? `${began}, under way, ${sent}.`
    : `${began}, broken off, ${sent}. The next start continues.`;
};

const shareWords = (totals: StandingTotals, formats: Formats): string =>
  filesWords({ ...totals, found: foundIn(totals) }, formats);

const failedWords = ({ failed }: StandingTotals, formats: Formats): string =>
  failed === 0 ? '' : `, ${formats.count(failed)} failed`;

const totalsLines = (totals: StandingTotals, formats: Formats, paint: Paint): readonly string[] => {
  const { waiting, failed, skipped, bytesWaiting, bytesFailed } = totals;
  return [
    `  ${shareWords(totals, formats)} (${bytesWords(totals, formats)})`,
    ...(waiting > 0 ? [`  ${formats.count(waiting)} waiting (${formats.bytes(bytesWaiting)})`] : []),
    ...(failed > 0 ? [paint.bad(`  ${formats.count(failed)} failed (${formats.bytes(bytesFailed)})`)] : []),
    ...(skipped > 0 ? [`  ${formats.count(skipped)} skipped`] : []),
  ];
};

const hints = (
  { archives, libraries }: Pick<Status, 'archives' | 'libraries'>,
  hint: Hint,
): readonly string[] => {
  const states = (['failed', 'skipped'] as const).filter((state) =>
    archives.some(({ totals }) => totals[state] > 0),
  );
  const lines = [
    ...states.map((state) => `Why ${state}: ${hint(`list --state ${state}`)}`),
    ...(libraries.some(({ missing }) => missing > 0)
      ? [`Which are missing: ${hint('list --state missing')}`]
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
};
