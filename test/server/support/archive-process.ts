import { serverCommand } from '../../../src-main/headless/commands/server.ts';

/** `ledgerline server …` with nothing around it, for the tests that kill it. */
process.exitCode = await serverCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  onSignal: (listener) => {
    const on = (signal: NodeJS.Signals): void => listener(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    process.on('SIGINT', on).on('SIGTERM', on);
    return () => process.off('SIGINT', on).off('SIGTERM', on);
  },
});
