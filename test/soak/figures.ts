export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Above this the promise is broken. */
  readonly limit?: number;
}

const shown = (value: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })
    : 'not measured';

/** One line each, as in a table of Markdown. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map(({ name, value, unit, limit }) => [
    name,
    `${shown(value)} ${unit}`.trim(),
    limit === undefined ? '' : `at most ${shown(limit)} ${unit}`.trim(),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length), 5));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    line(['what', 'value', 'limit']),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ].join('\n');
};

/** A figure that could not be measured is no proof of anything, so it counts as exceeded. */
export const exceeded = (figures: readonly Figure[]): readonly string[] =>
  figures
    .filter(({ value, limit }) => limit !== undefined && !(value <= limit))
    .map(({ name, value, unit, limit = 0 }) => `${name}: ${shown(value)} ${unit}, at most ${shown(limit)}`);
