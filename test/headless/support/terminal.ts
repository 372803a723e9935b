import type { Output } from '../../../src-main/headless/io.ts';

/** A terminal that keeps what a person would see: enough of one for what we write to it. */
export interface TestTerminal extends Output {
  /** The lines on it, without trailing blanks. */
  readonly seen: () => readonly string[];
  readonly writes: () => number;
  readonly resize: (columns: number) => void;
}

const ESCAPE = '\u001b';
const TOKEN = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z]|[^]`, 'gu');

export const createTerminal = (columns: number, rows = 24): TestTerminal => {
  let width = columns;
  let lines: string[] = [''];
  let row = 0;
  let column = 0;
  let writes = 0;

  const put = (character: string): void => {
    if (column >= width) newLine();
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  };
  const newLine = (): void => {
    row += 1;
    column = 0;
    lines[row] ??= '';
  };
  const obey = (sequence: string): void => {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? 1);
    switch (sequence.at(-1)) {
      case 'A':
        row = Math.max(0, row - count);
        return;
      case 'K':
        lines[row] = (lines[row] ?? '').slice(0, column);
        return;
      case 'J':
        lines[row] = (lines[row] ?? '').slice(0, column);
        lines = lines.slice(0, row + 1);
        return;
      case 'm':
        return;
      default:
        throw new Error(`this terminal does not know ${JSON.stringify(sequence)}`);
    }
  };

  return {
    isTTY: true,
    getWindowSize: () => [width, rows],
    write: (text: string) => {
      writes += 1;
      for (const [token] of text.matchAll(TOKEN)) {
        if (token === '\n') newLine();
        else if (token === '\r') column = 0;
        else if (token.length > 1) obey(token);
        else put(token);
      }
    },
    seen: () => lines.map((line) => line.trimEnd()).slice(0, lines.at(-1) === '' ? -1 : undefined),
    writes: () => writes,
    /** Wraps what stands there, as terminals do when their window becomes narrower. */
    resize: (to) => {
      const wrapped = lines.flatMap((line) =>
        line === '' ? [''] : (line.match(new RegExp(`.{1,${to}}`, 'gu')) ?? ['']),
      );
      row += wrapped.length - lines.length;
      lines = wrapped;
      width = to;
    },
  };
};
