import { describe, expect, test } from 'vitest';
import type { RunSnapshot } from '../../shared/run.ts';
import { formatsFor } from '../../shared/formats.ts';
import { createProgress } from '../../src-main/headless/terminal/progress.ts';
import { createScreen } from '../../src-main/headless/terminal/screen.ts';
import { snapshotOf } from './support/snapshot.ts';
import { createTerminal } from './support/terminal.ts';

const lines = (...texts: readonly string[]) => texts.map((plain) => ({ plain, shown: plain }));

describe('a block at the bottom of a terminal', () => {
  test('is drawn over itself, each time in one write', () => {
    const terminal = createTerminal(40);
    terminal.write('$ ledgerline\n');
    const screen = createScreen(terminal);
    screen.draw(lines('one', 'a longer line'));
    screen.draw(lines('two', 'short'));
    expect(terminal.seen()).toEqual(['$ ledgerline', 'two', 'short']);
    expect(terminal.writes()).toBe(3);
  });

  test('may shrink', () => {
    const terminal = createTerminal(40);
    const screen = createScreen(terminal);
    screen.draw(lines('one', 'two', 'three'));
    screen.draw(lines('one'));
    expect(terminal.seen()).toEqual(['one']);
  });

  test('stays below the lines that are to stay, however long these are', () => {
    const terminal = createTerminal(20);
    const screen = createScreen(terminal);
    screen.draw(lines('block'));
    screen.print('archived  1.0 MB  a-name-that-is-longer-than-the-terminal.flac');
    screen.print('second');
    screen.draw(lines('block 2'));
    expect(terminal.seen()).toEqual([
      'archived  1.0 MB  a-',
      'name-that-is-longer-',
      'than-the-terminal.fl',
      'ac',
      'second',
      'block 2',
    ]);
  });

  test('leaves nothing behind when it is cleared', () => {
    const terminal = createTerminal(40);
    const screen = createScreen(terminal);
    screen.print('before');
    screen.draw(lines('one', 'two'));
    screen.clear();
    screen.print('after');
    expect(terminal.seen()).toEqual(['before', 'after']);
  });

  test('is found again after the window became narrower and wrapped it', () => {
    const terminal = createTerminal(40);
    const screen = createScreen(terminal);
    screen.print('before');
    screen.draw(lines('0123456789012345678901234567', 'short'));
    terminal.resize(10);
    screen.draw(lines('narrow', 'short'));
    expect(terminal.seen()).toEqual(['before', 'narrow', 'short']);
  });
});

describe('progress on a terminal', () => {
  const start = (block: ReturnType<typeof createTerminal>) => {
    let snapshot: RunSnapshot = snapshotOf();
    const progress = createProgress({
      lines: block,
      block,
      env: { NO_COLOR: '1' },
      formats: formatsFor('en-GB', 'UTC'),
      now: () => Date.UTC(2026, 10, 22),
    });
    progress.start(() => snapshot);
    return { progress, show: (next: RunSnapshot) => void (snapshot = next) };
  };

  test('shows the run and lines that stay, and only these stay', () => {
    const terminal = createTerminal(80);
    const { progress } = start(terminal);
    progress.say('archived a.flac');
    expect(terminal.seen()[0]).toBe('archived a.flac');
    expect(terminal.seen()[1]).toBe('33 % · 22,104 of 64,988 files archived · 149 GB of 450 GB');
    progress.stop();
    progress.say('All is archived.');
    expect(terminal.seen()).toEqual(['archived a.flac', 'All is archived.']);
  });

  test('uses no colour where none is wished', () => {
    let written = '';
    const terminal = createTerminal(80);
    const { progress } = start({
      ...terminal,
      write: (text: string) => void (written += text),
    });
    progress.stop();
    expect(written).not.toMatch(/\[[0-9;]*m/);
  });
});
