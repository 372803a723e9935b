import type { LastRun, LibraryRow } from '../../engine/ledger/reader.ts';
import type { StandingTotals } from '../../engine/ledger/totals.ts';
import { displayPath } from '../../engine/library/paths.ts';
import type { Formats } from '../terminal/formats.ts';
import type { Paint } from '../terminal/paint.ts';
import { safeText } from '../terminal/safe-text.ts';

export interface Status {
  readonly dataFolder: string;
  /** Who works on it now, in a few words. */
  readonly atWork: string | undefined;
  readonly libraries: readonly (LibraryRow & { readonly missing: number })[];
  readonly archives: readonly ArchiveStatus[];
  readonly lastRun: LastRun | undefined;
}

export interface ArchiveStatus {
  readonly id: number;
  /** Its address or folder, where it was reached last. */
  readonly place: string;
  /** What the ledger knows it by, see engine/archive/connect.ts. */
  readonly identity: string;
  readonly totals: StandingTotals;
  /** In the order of the status's libraries. */
  readonly perLibrary: readonly StandingTotals[];
}

/** `ledgerline status` for a person. */
export const statusText = (status: Status, formats: Formats, paint: Paint, now: number): string => {
  const { libraries, archives, lastRun, atWork } = status;
  if (libraries.length === 0 && archives.length === 0)
    return [
      `There is nothing in ${safeText(status.dataFolder)} yet. "ledgerline sync ~/Music" begins.`,
      ...(atWork === undefined ? [] : [`At work now: ${safeText(atWork)}.`]),
    ].join('\n');
  return [
    atWork === undefined ? 'Nobody is at work now.' : paint.bold(`At work now: ${safeText(atWork)}.`),
    ...(lastRun === undefined ? [] : [runWords(lastRun, atWork !== undefined, formats, now)]),
    '',
    paint.bold(libraries.length === 1 ? 'Library' : 'Libraries'),
    ...(libraries.length === 0 ? ['  none; "ledgerline sync ~/Music" adds one'] : []),
    ...libraries.map(
      ({ path, scanned_at, missing }) =>
        `  ${displayPath(path)}, ${lookedWords(scanned_at, formats, now)}${missingWords(missing, formats)}`,
    ),
    ...archives.flatMap(({ place, identity, totals, perLibrary }) => [
      '',
      paint.bold(`Archive ${safeText(place)}${accountWords(place, identity, archives)}`),
      ...totalsLines(totals, formats, paint),
      ...(libraries.length < 2
        ? []
        : perLibrary.map(
            (part, i) =>
              `  ${displayPath(libraries[i]?.path ?? new Uint8Array())}: ${shareWords(part, formats)}${failedWords(part, formats)}`,
          )),
    ]),
    ...hints(status),
  ].join('\n');
};

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
  missing === 0 ? '' : `; ${formats.files(missing)} that ${missing === 1 ? 'was' : 'were'} there before`;

const runWords = (run: LastRun, isAtWork: boolean, formats: Formats, now: number): string => {
  const began = `Last run: ${formats.past(run.started_at, now)}`;
  const sent = `${formats.files(run.puts)} sent (${formats.bytes(run.bytes_sent)})`;
  if (run.ended_at !== null)
    return `${began}, ${formats.duration((run.ended_at - run.started_at) / 1000)}, ${sent}.`;
  return isAtWork
    ? `${began}, under way, ${sent}.`
    : `${began}, broken off, ${sent}. The next start continues.`;
};

/** What failed or is skipped is told for itself: it is neither archived nor on its way. */
const shareWords = ({ archived, waiting }: StandingTotals, formats: Formats): string =>
  `${formats.count(archived)} of ${formats.files(archived + waiting)} archived`;

const failedWords = ({ failed }: StandingTotals, formats: Formats): string =>
  failed === 0 ? '' : `, ${formats.count(failed)} failed`;

const totalsLines = (totals: StandingTotals, formats: Formats, paint: Paint): readonly string[] => {
  const { waiting, failed, skipped, bytesArchived, bytesWaiting } = totals;
  return [
    `  ${shareWords(totals, formats)} (${formats.bytes(bytesArchived)} of ${formats.bytes(bytesArchived + bytesWaiting)})`,
    ...(waiting > 0 ? [`  ${formats.count(waiting)} waiting (${formats.bytes(bytesWaiting)})`] : []),
    ...(failed > 0 ? [paint.bad(`  ${formats.count(failed)} failed`)] : []),
    ...(skipped > 0 ? [`  ${formats.count(skipped)} skipped`] : []),
  ];
};

const hints = ({ archives }: Status): readonly string[] => {
  const states = (['failed', 'skipped'] as const).filter((state) =>
    archives.some(({ totals }) => totals[state] > 0),
  );
  return states.length === 0
    ? []
    : ['', ...states.map((state) => `Why ${state}: ledgerline list --state ${state}`)];
};
