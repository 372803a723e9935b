import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLine, FarError, type Line } from '../../src-main/desktop/engine/line.ts';
import { LibraryError } from '../../src-main/engine/library/choose.ts';
import { waitFor } from '../kit/wait-for.ts';

interface Near {
  readonly told: (word: string) => void;
}
interface Far {
  readonly double: (number: number) => Promise<number>;
  readonly fail: (how: 'known' | 'unknown') => never;
  readonly never: (nothing: null) => Promise<null>;
  readonly bytes: (length: number) => Uint8Array;
  readonly sayTwice: (word: string) => void;
}

const portOf = (port: MessagePort) => ({
  post: (message: unknown) => port.postMessage(message),
  onMessage: (listener: (message: unknown) => void) => void port.on('message', listener),
});

/** Two ends on a real port, as two processes have them. */
const twoEnds = () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const heard: string[] = [];
  const faults: unknown[] = [];
  const near: Line<Far> = createLine<Far>(
    portOf(port1),
    { told: (word: string) => void heard.push(word) } satisfies Near,
    (error) => void faults.push(error),
  );
  const far: Line<Near> = createLine<Near>(
    portOf(port2),
    {
      double: async (number) => number * 2,
      fail: (how) => {
        throw how === 'known' ? new LibraryError('This folder is away.', {}) : new TypeError('x is not a y');
      },
      never: () => new Promise(() => undefined),
      bytes: (length) => new Uint8Array(length).fill(7),
      sayTwice: (word) => {
        far.tell('told', word);
        far.tell('told', word);
      },
    } satisfies Far,
    (error) => void faults.push(error),
  );
  return { near, heard, faults };
};

describe('a line between two processes', () => {
  test('brings each answer to who asked for it, bytes too', async () => {
    const { near } = twoEnds();
    expect(await Promise.all([near.ask('double', 2), near.ask('double', 21)])).toEqual([4, 42]);
    expect(await near.ask('bytes', 3)).toEqual(new Uint8Array([7, 7, 7]));
  });

  test('tells what went wrong there by its code and its words', async () => {
    const { near, faults } = twoEnds();
    const known = await near.ask('fail', 'known').catch((error: unknown) => error);
    expect(known).toBeInstanceOf(FarError);
    expect(known).toMatchObject({
      message: 'This folder is away.',
      code: expect.stringMatching(/^[a-z_]+$/),
    });
    await expect(near.ask('fail', 'unknown')).rejects.toMatchObject({
      code: 'unexpected',
      message: 'x is not a y',
    });
    await expect(near.ask('toString' as never, null as never)).rejects.toThrow(/toString/);
    expect(faults).toEqual([]);
  });

  test('tells without waiting, in order; faults of that are told where they happen', async () => {
    const { near, heard, faults } = twoEnds();
    near.tell('sayTwice', 'one');
    near.tell('sayTwice', 'two');
    near.tell('fail', 'unknown');
    await waitFor('the fault', () => faults.length === 1);
    expect(heard).toEqual(['one', 'one', 'two', 'two']);
  });

  test('that is cut leaves nobody waiting, now or later', async () => {
    const { near } = twoEnds();
    const waiting = near.ask('never', null);
    near.cut(new Error('It is gone.'));
    await expect(waiting).rejects.toThrow('It is gone.');
    await expect(near.ask('double', 1)).rejects.toThrow('It is gone.');
  });
});
