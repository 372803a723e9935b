import { type Output, sizeOf } from '../io.ts';
import { widthOf } from './width.ts';

/** A block of lines at the bottom of a terminal that is drawn over itself. */
export interface Screen {
  /** Shows these lines, which hold no escape sequences wider than the terminal. One write, so nothing flickers. */
  readonly draw: (lines: readonly ScreenLine[]) => void;
  /** Writes text that stays, above the block. */
  readonly print: (text: string) => void;
  /** Takes the block away. */
  readonly clear: () => void;
}

/** The text for measuring, and the same with colours for showing. */
export interface ScreenLine {
  readonly plain: string;
  readonly shown: string;
}

const TO_LINE_END = '\u001b[K';
const TO_SCREEN_END = '\u001b[J';
const up = (rows: number): string => (rows === 0 ? '' : `\u001b[${rows}A`);

export const createScreen = (output: Output): Screen => {
  let drawn: readonly ScreenLine[] = [];

  /** A window that became narrower has wrapped what was drawn, so it is measured anew each time. */
  const rowsDrawn = (): number => {
    const { columns } = sizeOf(output);
    return drawn.reduce((rows, { plain }) => rows + Math.max(1, Math.ceil(widthOf(plain) / columns)), 0);
  };
  const home = (): string => (drawn.length === 0 ? '' : `\r${up(rowsDrawn())}`);
  const body = (lines: readonly ScreenLine[]): string =>
    lines.map(({ shown }) => `${shown}${TO_LINE_END}\n`).join('');

  return {
    draw: (lines) => {
      output.write(`${home()}${body(lines)}${TO_SCREEN_END}`);
      drawn = lines;
    },
    print: (text) => {
      const above = text
        .split('\n')
        .map((line) => `${line}${TO_LINE_END}\n`)
        .join('');
      output.write(`${home()}${drawn.length === 0 ? `${text}\n` : `${above}${body(drawn)}${TO_SCREEN_END}`}`);
    },
    clear: () => {
      if (drawn.length > 0) output.write(`${home()}${TO_SCREEN_END}`);
      drawn = [];
    },
  };
};
