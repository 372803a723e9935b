import type { RunSnapshot } from '../../../shared/run.ts';
import { type Io, type Output, sizeOf } from '../io.ts';
import { blockLines, bytesWords, filesWords, gateWords } from './block.ts';
import type { Formats } from '../../../shared/formats.ts';
import { isTerminal, paintFor } from './paint.ts';
import { createScreen, type ScreenLine } from './screen.ts';

/** Where a run's progress is told: a calm block on a terminal, now and then a line elsewhere. */
export interface Progress {
  /** A line that stays. */
  readonly say: (text: string) => void;
  /** Begins to tell what `snapshot` shows. */
  readonly start: (snapshot: () => RunSnapshot) => void;
  /** Ends it; what was said stays. */
  readonly stop: () => void;
}

export interface ProgressOptions {
  /** For lines that stay. */
  readonly lines: Output;
  /** For the block, where it is a terminal. */
  readonly block: Output;
  readonly env: Io['env'];
  readonly formats: Formats;
  readonly now: () => number;
}

const REDRAW_MS = 250;
const LINE_MS = 10_000;

export const createProgress = (options: ProgressOptions): Progress =>
  isTerminal(options.block, options.env) ? onTerminal(options) : inLines(options);

const onTerminal = ({ lines, block, env, formats, now }: ProgressOptions): Progress => {
  const screen = createScreen(block);
  const paint = paintFor(block, env);
  let timer: NodeJS.Timeout | undefined;
  // A block that shrinks and grows again makes the whole terminal jump.
  let tallest = 0;
  const padded = (drawn: readonly ScreenLine[]): readonly ScreenLine[] => {
    tallest = Math.min(Math.max(tallest, drawn.length), Math.max(1, sizeOf(block).rows - 1));
    return Array.from({ length: tallest }, (_, i) => drawn[i] ?? { plain: '', shown: '' });
  };
  return {
    say: (text) => {
      if (lines === block) screen.print(text);
      else lines.write(`${text}\n`);
    },
    start: (snapshot) => {
      const draw = (): void => {
        screen.draw(padded(blockLines(snapshot(), { formats, paint, ...sizeOf(block), now: now() })));
      };
      draw();
      timer = setInterval(draw, REDRAW_MS);
    },
    stop: () => {
      clearInterval(timer);
      screen.clear();
    },
  };
};

const inLines = ({ lines, formats, now }: ProgressOptions): Progress => {
  const say = (text: string): void => void lines.write(`${text}\n`);
  let timer: NodeJS.Timeout | undefined;
  return {
    say,
    start: (snapshot) => {
      let last = progressLine(snapshot(), formats, now());
      timer = setInterval(() => {
        const line = progressLine(snapshot(), formats, now());
        if (line !== last) say(line);
        last = line;
      }, LINE_MS);
    },
    stop: () => clearInterval(timer),
  };
};

/** All of a snapshot in one line, for a log. */
export const progressLine = (snapshot: RunSnapshot, formats: Formats, now: number): string => {
  const { totals, bytesPerSecond, gate, endsAt, scanning } = snapshot;
  // A countdown would fill a log with lines that say nothing new.
  const { nextChange: _countdown, ...standing } = gate;
  const sentYet = snapshot.puts > 0 || bytesPerSecond > 0;
  const obstacle = gateWords(gate.reason === 'offline' ? standing : gate, formats, now)?.[0];
  return [
    filesWords(totals, formats),
    bytesWords(snapshot, formats),
    ...(totals.failed > 0 ? [`${formats.count(totals.failed)} failed`] : []),
    ...(totals.skipped > 0 ? [`${formats.count(totals.skipped)} skipped`] : []),
    ...(scanning ? ['still looking'] : []),
    ...(obstacle !== undefined ? [obstacle] : sentYet ? [formats.rate(bytesPerSecond)] : []),
    ...(obstacle === undefined && endsAt !== undefined && !scanning && totals.waiting > 0
      ? [`done ${formats.when(endsAt, now)}`]
      : []),
  ].join(' · ');
};
