import { runCli, tellError } from './cli.ts';
import { processIo } from './io.ts';

/** The command line's door: everything else is in {@link runCli}. */
const argv = process.argv.slice(2);
const io = processIo();
// What escapes everything else, a rejection that nobody awaits included, is told like any other fault.
process.on('uncaughtException', (error) => process.exit(tellError(error, argv, io)));
process.exitCode = await runCli(argv, io);
// An attempt that was given up (a connection that never comes) must not keep anybody waiting.
setTimeout(() => process.exit(), 1000).unref();
