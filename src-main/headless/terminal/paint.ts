import { styleText } from 'node:util';
import { type Io, type Output, sizeOf } from '../io.ts';

/** Colours, or plain text where nobody sees them. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

type Style = Parameters<typeof styleText>[0];

const styled =
  (style: Style) =>
  (text: string): string =>
    styleText(style, text, { validateStream: false });

const COLOURS: Paint = {
  bold: styled('bold'),
  dim: styled('dim'),
  good: styled('green'),
  warn: styled('yellow'),
  bad: styled('red'),
};

const same = (text: string): string => text;
export const PLAIN: Paint = { bold: same, dim: same, good: same, warn: same, bad: same };

/** Whether this is a terminal that can move its cursor. */
export const isTerminal = (output: Output, env: Io['env']): boolean =>
  output.isTTY === true && env['TERM'] !== 'dumb';

/** Where text is to be broken between words: nowhere but on a terminal, which would break it in mid-word. */
export const columnsOf = (output: Output, env: Io['env']): number =>
  isTerminal(output, env) ? sizeOf(output).columns : Number.POSITIVE_INFINITY;

/** @see https://no-color.org */
export const paintFor = (output: Output, env: Io['env']): Paint =>
  isTerminal(output, env) && (env['NO_COLOR'] ?? '') === '' ? COLOURS : PLAIN;
