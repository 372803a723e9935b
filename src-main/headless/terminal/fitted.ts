import { wrapped } from './wrap.ts';

/** Wider lines are hard to read, however wide the terminal is. */
const WIDEST = 100;
const STACKED_INDENT = 6;
/** "  --option VALUE   what it does": the first column with the blanks behind it, and the second. */
const TWO_COLUMNS = /^( {2,}\S(?:.*?\S)? {2,})(\S.*)$/u;

/**
 * A help text, of which each line is a paragraph or a row of two columns, for a terminal so wide: rows go on under
 * their second column or, where the first takes more than half of the width, below it.
 */
export const fitted = (text: string, columns: number): string => {
  const width = Math.min(columns, WIDEST);
  return text
    .split('\n')
    .flatMap((line) => fittedLine(line, width))
    .join('\n');
};

const fittedLine = (line: string, width: number): readonly string[] => {
  const [, first = '', second = ''] = TWO_COLUMNS.exec(line) ?? [];
  if (first === '') return wrapped(line, width, line.length - line.trimStart().length);
  if (first.length <= width / 2) return wrapped(line, width, first.length);
  return [
    ...wrapped(first.trimEnd(), width, STACKED_INDENT),
    ...wrapped(' '.repeat(STACKED_INDENT) + second, width, STACKED_INDENT),
  ];
};
