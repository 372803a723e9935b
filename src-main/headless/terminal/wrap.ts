import { widthOf } from './width.ts';

/** One line as lines of at most so many columns, broken between words; what follows the first is indented as told. */
export const wrapped = (line: string, columns: number, indent = 0): readonly string[] => {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S) /)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(longer) > columns) {
      lines.push(current);
      current = `${' '.repeat(indent)}${word}`;
    } else current = longer;
  }
  return [...lines, current];
};
