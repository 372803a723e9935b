import { runCli } from './cli.ts';
import { processIo } from './io.ts';

/** The command line's door: everything else is in {@link runCli}. */
process.exitCode = await runCli(process.argv.slice(2), processIo());
// An attempt that was given up (a connection that never comes) must not keep anybody waiting.
setTimeout(() => process.exit(), 1000).unref();
