import { describe, expect, test } from 'vitest';
import { typeUnseen } from '../../src-main/headless/terminal/questions.ts';

const typed = (...keys: readonly string[]) => {
  let text = '';
  for (const key of keys) {
    const now = typeUnseen(text, key);
    if (now.kind !== 'more') return now;
    text = now.text;
  }
  return { kind: 'more', text };
};

describe('a password that is typed unseen', () => {
  test('ends with Enter', () => {
    expect(typed('s', 'e', 'c', '\r')).toEqual({ kind: 'done', text: 'sec' });
    expect(typed('pasted at once\n')).toEqual({ kind: 'done', text: 'pasted at once' });
  });

  test('can be corrected', () => {
    expect(typed('secrf', '\u007f', 'et', '\r')).toEqual({ kind: 'done', text: 'secret' });
    expect(typed('ab', '\b\b\b', 'c', '\r')).toEqual({ kind: 'done', text: 'c' });
    expect(typed('wrong', '\u0015', 'right', '\r')).toEqual({ kind: 'done', text: 'right' });
  });

  test('may hold letters that take several units, and loses them whole', () => {
    expect(typed('pä🎵', '\u007f', '\r')).toEqual({ kind: 'done', text: 'pä' });
  });

  test('does not take arrows and pasted brackets for letters', () => {
    expect(typed('a\u001b[Db\u001b[200~c\u001b[201~\u001bOP', '\r')).toEqual({ kind: 'done', text: 'abc' });
  });

  test('is given up with Ctrl-C, and with Ctrl-D where nothing was typed', () => {
    expect(typed('half', '\u0003')).toEqual({ kind: 'interrupted' });
    expect(typed('\u0004')).toEqual({ kind: 'interrupted' });
    expect(typed('half', '\u0004', '\r')).toEqual({ kind: 'done', text: 'half' });
  });
});
