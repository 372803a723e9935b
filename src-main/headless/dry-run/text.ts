import { foldersIn, groupLines, type ShownTo } from '../commands/failure-text.ts';
import { NIGHT_HOURS, UPLOADS } from '../../engine/plan/estimate.ts';
import type { Findings } from '../../engine/plan/findings.ts';
import { isEnough, type Room } from '../../engine/plan/room.ts';
import type { TimesRow } from '../../engine/plan/times.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Paint } from '../terminal/paint.ts';
import { safeText } from '../terminal/safe-text.ts';
import { widthOf } from '../terminal/width.ts';
import { wrapped } from '../terminal/wrap.ts';
import type { Plan } from './plan.ts';

const MOST_OTHERS = 8;

/** What `--dry-run` tells a person. */
export const dryRunText = (
  findings: Findings,
  plan: Plan,
  room: Room | undefined,
  paint: Paint,
  { formats, columns, hint }: ShownTo,
): string => {
  const { totals, libraries, skipped, failed } = findings;
  return [
    paint.bold('Only looked; nothing was sent and nothing changed.'),
    ...libraries.flatMap(({ path, unreachable }) => [
      `  ${path}`,
      ...(unreachable === undefined
        ? []
        : wrapped(`    ${unreachable}`, columns, 4).map((line) => paint.bad(line))),
    ]),
    '',
    `${formats.files(totals.archived + totals.waiting + totals.failed - foldersIn(failed))} of music, ${formats.bytes(totals.bytesArchived + totals.bytesWaiting + totals.bytesFailed)}`,
    ...wrapped(
      `  ${formats.count(totals.archived)} archived already (${formats.bytes(totals.bytesArchived)}), as far as this computer knows; the archive was not asked`,
      columns,
      4,
    ),
    `  ${formats.count(totals.waiting)} to be archived (${formats.bytes(totals.bytesWaiting)})`,
    ...findings.formats.map(
      ({ format, files, bytes }) => `      ${format}: ${formats.files(files)}, ${formats.bytes(bytes)}`,
    ),
    ...(findings.missing === 0
      ? []
      : [
          `  ${formats.count(findings.missing)} not there now that were before; what is archived of them stays`,
        ]),
    ...lookedWords(findings, formats).flatMap((line) => wrapped(line, columns, 4)),
    ...section('Would be skipped', skipped, paint.dim, { formats, columns, hint }),
    ...section('Could not be taken', failed, paint.bad, { formats, columns, hint }),
    ...othersLines(findings, formats).flatMap((line) => wrapped(line, columns, 2)),
    ...roomLines(room, formats, columns, paint),
    ...planLines(findings, plan, formats, columns, paint).flatMap((line, i, all) =>
      i === all.length - 1 ? wrapped(line, columns) : [line],
    ),
  ].join('\n');
};

const section = (
  title: string,
  groups: Findings['skipped'],
  style: (text: string) => string,
  shown: ShownTo,
): readonly string[] =>
  groups.length === 0 ? [] : ['', style(`${title}:`), ...groups.flatMap((group) => groupLines(group, shown))];

const lookedWords = ({ notLookedInto, lookedInto }: Findings, formats: Formats): readonly string[] =>
  notLookedInto === 0
    ? []
    : [
        `  Looked into ${formats.files(lookedInto)}; ${formats.count(notLookedInto)} more were counted by their names only, to save time.`,
      ];

const othersLines = ({ others, libraries }: Findings, formats: Formats): readonly string[] => {
  const kinds = Object.entries(others);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const leftOut = libraries.reduce((sum, library) => sum + library.leftOut, 0);
  const excluded = libraries.reduce((sum, library) => sum + library.excluded, 0);
  const named = kinds
    .slice(0, MOST_OTHERS)
    .map(([extension, count]) => `${safeText(extension)} ${formats.count(count)}`);
  return [
    ...(total === 0
      ? []
      : [
          '',
          `Left out, as they are no music: ${formats.files(total)} (${named.join(', ')}${kinds.length > MOST_OTHERS ? ', …' : ''})`,
        ]),
    ...(excluded === 0
      ? []
      : [`Left out by the lines in your settings: ${formats.count(excluded)} files or folders`]),
    ...(leftOut === 0
      ? []
      : [`Not looked into: ${formats.count(leftOut)} folders of the system (trash and the like)`]),
  ];
};

const roomLines = (
  room: Room | undefined,
  formats: Formats,
  columns: number,
  paint: Paint,
): readonly string[] => {
  if (room === undefined) return [];
  const { needed, free, reserve } = room;
  const words = `${needed === 0 ? 'nothing is' : `at most ${formats.bytes(needed)} are`} needed${needed === 0 ? '' : ', as equal files are kept once'}; ${formats.bytes(free)} are free, ${formats.bytes(reserve)} should stay free`;
  const fits = isEnough(room);
  const line = fits
    ? `Room for the archive on this computer: ${words}.`
    : `Not room enough for the archive on this computer: ${words}. Name a larger disk with --data-dir.`;
  return ['', ...wrapped(line, columns).map((part) => (fits ? part : paint.bad(part)))];
};

const planLines = (
  { totals }: Findings,
  plan: Plan,
  formats: Formats,
  columns: number,
  paint: Paint,
): readonly string[] => {
  if (totals.waiting === 0) return ['', 'There is nothing to send.'];
  const table = [
    ['', ...UPLOADS.map((uploads) => `${formats.count(uploads)} at once`)],
    ...plan.rows.map((row) => [rowTitle(row, formats), ...rowCells(row, formats)]),
  ];
  return [
    '',
    paint.bold(`Expected time for ${formats.files(totals.waiting)}, ${formats.bytes(totals.bytesWaiting)}:`),
    ...tableLines(table, columns),
    `${nightWords(plan, formats)}${plan.assumptions.join(' ')} Equal files are sent once, so it may be less.`,
  ];
};

/** Side by side where there is room, else a line for each figure. */
const tableLines = (table: readonly (readonly string[])[], columns: number): readonly string[] => {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   ')}`.trimEnd(),
  );
  if (lines.every((line) => widthOf(line) <= columns)) return lines;
  const [heads = [], ...rows] = table;
  return rows.flatMap(([title = '', ...cells]) => [
    ...wrapped(`  ${title}`, columns, 4),
    // What was measured has one figure, for no number of uploads.
    ...cells.map((cell, i) => (cells.length === 1 ? `    ${cell}` : `    ${heads[i + 1] ?? ''}: ${cell}`)),
  ]);
};

const rowTitle = (row: TimesRow, formats: Formats): string => {
  switch (row.kind) {
    case 'measured':
      return `as in earlier runs (${formats.rate(row.rate.bytesPerSecond)})`;
    case 'pace': {
      const { bytesPerSecond } = row.pace;
      if (row.isDisk) return `copying on this computer (${formats.rate(bytesPerSecond)})`;
      return `${formats.count((bytesPerSecond * 8) / 1e6)} Mbit/s (${formats.rate(bytesPerSecond)})`;
    }
  }
};

const rowCells = (row: TimesRow, formats: Formats): readonly string[] => {
  switch (row.kind) {
    case 'measured':
      return [timeWords(row.estimate, formats)];
    case 'pace':
      return row.estimates.map((estimate) => timeWords(estimate, formats));
  }
};

const timeWords = (
  { hours, nights }: { readonly hours: number; readonly nights: number },
  formats: Formats,
): string => (nights > 1 ? `${formats.hours(hours)}, ${formats.count(nights)} nights` : formats.hours(hours));

/** What fits into one night needs no counting in nights. */
const nightWords = (plan: Plan, formats: Formats): string =>
  plan.rows.some((row) =>
    row.kind === 'measured' ? row.estimate.nights > 1 : row.estimates.some(({ nights }) => nights > 1),
  )
    ? `A night has ${formats.count(NIGHT_HOURS)} hours. `
    : '';
