import { expect, test } from 'vitest';
import { listenForStop } from '../../src-main/headless/interruption.ts';
import type { Io, StopSignal } from '../../src-main/headless/io.ts';

const listening = () => {
  const asked: string[] = [];
  let now = 0;
  let send: (signal: StopSignal) => void = () => undefined;
  const io: Pick<Io, 'onSignal'> = {
    onSignal: (listener) => {
      send = listener;
      return () => undefined;
    },
  };
  listenForStop(
    io,
    {
      drain: () => asked.push('drain'),
      stop: () => asked.push('stop'),
      endProcess: () => asked.push('end'),
    },
    () => now,
  );
  return {
    asked,
    at: (milliseconds: number, signal: StopSignal) => {
      now = milliseconds;
      send(signal);
    },
  };
};

test('Ctrl-C finishes what is under way, twice stops at once, and three times ends the process', () => {
  const { asked, at } = listening();
  at(0, 'SIGINT');
  at(3000, 'SIGINT');
  at(6000, 'SIGINT');
  expect(asked).toEqual(['drain', 'stop', 'end']);
});

test('one Ctrl-C that the terminal and npm both deliver counts once', () => {
  const { asked, at } = listening();
  at(0, 'SIGINT');
  at(40, 'SIGINT');
  at(3000, 'SIGINT');
  at(3010, 'SIGINT');
  expect(asked).toEqual(['drain', 'stop']);
});

test('a service manager or a closed terminal asks only to finish, however often', () => {
  const { asked, at } = listening();
  at(0, 'SIGTERM');
  at(2000, 'SIGTERM');
  at(4000, 'SIGHUP');
  expect(asked).toEqual(['drain']);
});
