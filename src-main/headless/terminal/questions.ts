import { createInterface } from 'node:readline';
import { InterruptedError } from '../errors.ts';
import type { Io } from '../io.ts';
import { columnsOf } from './paint.ts';
import { wrapped } from './wrap.ts';

/** Whether there is a person at a terminal who can be asked. */
export const canAsk = (io: Io): boolean => io.stdin.isTTY === true && io.stderr.isTTY === true;

const fit = (question: string, io: Io): string => wrapped(question, columnsOf(io.stderr, io.env)).join('\n');

/** Asks for a line, which the terminal itself shows as it is typed. @throws InterruptedError where none comes */
export const ask = async (io: Io, question: string): Promise<string> => {
  io.stderr.write(fit(question, io));
  const lines = createInterface({ input: io.stdin, terminal: false });
  try {
    for await (const line of lines) return line.trim();
    throw new InterruptedError();
  } finally {
    lines.close();
  }
};

/** What the keys mean for a line that is typed unseen. */
export type Typed =
  | { readonly kind: 'more'; readonly text: string }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'interrupted' };

const ESCAPE = '\u001b';
const ESCAPE_SEQUENCE = new RegExp(`^${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|O.|.)?`);

/** Takes keys (a paste brings many at once) into a line: Enter ends it, Backspace and Ctrl-U take back. */
export const typeUnseen = (before: string, keys: string): Typed => {
  let text = before;
  for (let rest = keys; rest !== '';) {
    const escape = ESCAPE_SEQUENCE.exec(rest)?.[0];
    const key = escape ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    rest = rest.slice(key.length);
    switch (key) {
      case '\r':
      case '\n':
        return { kind: 'done', text };
      case '\u0003':
        return { kind: 'interrupted' };
      case '\u0004':
        if (text === '') return { kind: 'interrupted' };
        break;
      case '\u007f':
      case '\b':
        text = text.replace(/.$/su, '');
        break;
      case '\u0015':
        text = '';
        break;
      default:
        // Arrows, pasted brackets and other keys that are no letters.
        if (escape === undefined && key >= ' ') text += key;
    }
  }
  return { kind: 'more', text };
};

/** Asks for a password, of which nothing is shown. @throws InterruptedError at Ctrl-C */
export const askPassword = async (io: Io, question: string): Promise<string> => {
  const { stdin, stderr } = io;
  stderr.write(fit(question, io));
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  const take = (keys: string | Buffer): void => {
    const typed = typeUnseen(text, String(keys));
    switch (typed.kind) {
      case 'more':
        text = typed.text;
        return;
      case 'done':
        return resolve(typed.text);
      case 'interrupted':
        return reject(new InterruptedError());
    }
  };
  const ended = (): void => reject(new InterruptedError());
  stdin.on('data', take);
  stdin.once('end', ended);
  stdin.resume();
  try {
    return await promise;
  } finally {
    stdin.off('data', take);
    stdin.off('end', ended);
    stdin.setRawMode?.(false);
    stdin.pause();
    stderr.write('\n');
  }
};
