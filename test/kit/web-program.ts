import { onTestFinished } from 'vitest';
import { startCli, type RunningCli } from './cli.ts';

export interface WebProgram {
  readonly cli: RunningCli;
  readonly origin: string;
  /** Opens the page once. */
  readonly link: string;
  /** Ends it as Ctrl-C does; resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

/** `ledgerline web`, in a process of its own, on any free port. */
export const startWebProgram = async (
  dataFolder: string,
  root: string,
  env: Readonly<Record<string, string>> = {},
  port = 0,
): Promise<WebProgram> => {
  const args = ['web', '--port', String(port), '--root', root, '--data-dir', dataFolder];
  // A small disk is big enough for a test.
  const cli = startCli(args, { env: { LEDGERLINE_TEST_RESERVE_BYTES: '0', ...env }, timeoutMs: 170_000 });
  const stop = async (): Promise<void> => {
    cli.kill('SIGINT');
    await cli.done;
  };
  onTestFinished(stop);
  const [link] = await cli.says(/http:\/\/\S+/);
  return { cli, link, origin: new URL(link).origin, stop };
};
