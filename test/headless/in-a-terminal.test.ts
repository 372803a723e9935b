import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestArchive } from '../server/support/archive.ts';
import { testFolder } from '../kit/test-folder.ts';
import { libraryOf } from './support/music.ts';
import { runInTerminal } from './support/pseudo-terminal.ts';

const EMAIL = 'moderator@example.org';
const PASSWORD = 'tell nobody this one';

const archive = async () => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  return server;
};
const envOf = () => ({ LEDGERLINE_DATA: testFolder('data'), LEDGERLINE_TEST_RESERVE_BYTES: '0' });

describe.runIf(process.platform === 'linux')('in a terminal', () => {
  test('who signs in is asked for, and the password is never shown', async () => {
    const { archive: server } = await archive();
    const terminal = runInTerminal(['sync', libraryOf(5), '--url', server.url], envOf());
    await terminal.says(/E-mail for http/);
    terminal.type(`${EMAIL}\r`);
    await terminal.says(/Password for moderator@example\.org: /);
    terminal.type(`${PASSWORD}x\u007f\r`);
    expect(await terminal.done).toBe(0);
    expect(terminal.output()).toContain('All is archived');
    expect(terminal.output()).not.toContain(PASSWORD.slice(0, 4));
  });

  test('Ctrl-C at the question for the password ends it, and the terminal echoes again', async () => {
    const { archive: server } = await archive();
    const argv = ['sync', libraryOf(1), '--url', server.url, '--username', EMAIL];
    const terminal = runInTerminal(argv, envOf());
    await terminal.says(/Password for/);
    terminal.type('half\u0003');
    expect(await terminal.done).toBe(130);
    expect(terminal.output()).toContain('Stopped; nothing was under way.');
    expect(terminal.output()).not.toContain('half');
  });

  test('progress is a block that is drawn over itself and gone at the end', async () => {
    const terminal = runInTerminal(['sync', libraryOf(20)], envOf());
    expect(await terminal.done).toBe(0);
    const output = terminal.output();
    const sequences = output.split('\u001b[').map((part) => /^\d*[A-Z]/.exec(part)?.[0]);
    expect(sequences.some((sequence) => sequence?.endsWith('A'))).toBe(true);
    // Behind the last time that it was taken away there is only what stays.
    expect(output.slice(output.lastIndexOf('\u001b[J'))).not.toContain(' of ');
    expect(output.slice(output.lastIndexOf('\u001b[J'))).toMatch(/20 archived now/);
  });
});
