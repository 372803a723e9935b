import { VERSION } from '../../server/version.ts';
import { countsOf } from './commands/failure-json.ts';
import { stackOf } from '../shell/errors.ts';
import { codeOf, EXIT, exitCodeOf } from './exit-codes.ts';
import { HELP, isCommand, type CommandName } from './help.ts';
import type { Io } from './io.ts';
import { fitted } from './terminal/fitted.ts';
import { columnsOf, paintFor } from './terminal/paint.ts';
import { safeText } from './terminal/safe-text.ts';
import { wrapped } from './terminal/wrap.ts';
import { typed } from './typed.ts';
import { UsageError } from './usage-error.ts';

type Command = (argv: readonly string[], io: Io) => Promise<number>;

/** Loaded when they are wanted: `status` need not wait for a web server to load. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  sync: async () => (await import('./commands/sync.ts')).syncCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  retry: async () => (await import('./commands/retry.ts')).retryCommand,
  ignore: async () => (await import('./commands/ignore.ts')).ignoreCommand,
  forget: async () => (await import('./commands/forget.ts')).forgetCommand,
  pause: async () => (await import('./commands/pause.ts')).pauseCommand,
  resume: async () => (await import('./commands/pause.ts')).resumeCommand,
  web: async () => (await import('./commands/web.ts')).webCommand,
  settings: async () => (await import('./commands/settings.ts')).settingsCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  server: async () => {
    const { serverCommand } = await import('./commands/server.ts');
    // A closed terminal ends the archive as politely as a service manager does.
    return (argv, io) =>
      serverCommand(argv, {
        ...io,
        onSignal: (listener) => io.onSignal((signal) => listener(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM')),
      });
  },
};

/** Does what the arguments say; never rejects. Resolves to the exit code. */
export const runCli = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return tellError(error, argv, io);
  }
};

const dispatch = async ([name, ...rest]: readonly string[], io: Io): Promise<number> => {
  switch (name) {
    case undefined:
      io.stdout.write(fitted(HELP.general, columnsOf(io.stdout, io.env)));
      return EXIT.allArchived;
    case '--help':
    case '-h':
    case 'help':
      io.stdout.write(fitted(HELP[helpTopic(rest[0])], columnsOf(io.stdout, io.env)));
      return EXIT.allArchived;
    case '--version':
    case '-V':
      io.stdout.write(`ledgerline ${VERSION}\n`);
      return EXIT.allArchived;
    default: {
      if (!isCommand(name))
        throw new UsageError(`There is no command ${name}; "${typed('--help')}" lists what there is.`);
      if (asksForHelp(rest) && name !== 'server') {
        io.stdout.write(fitted(HELP[name], columnsOf(io.stdout, io.env)));
        return EXIT.allArchived;
      }
      const command = await COMMANDS[name]();
      return command(rest, io);
    }
  }
};

const helpTopic = (name: string | undefined): CommandName | 'general' => {
  if (name === undefined) return 'general';
  if (!isCommand(name)) throw new UsageError(`There is no command ${name}; "${typed('--help')}" lists them.`);
  return name;
};

/** Behind `--` everything is a name. */
const asksForHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).some((word) => word === '--help' || word === '-h');
};

/** Says in one line what went wrong; the stack is for those who ask for it. Returns the exit code. */
export const tellError = (error: unknown, argv: readonly string[], io: Io): number => {
  const code = exitCodeOf(error);
  const message = code === EXIT.ourFault ? faultWords(error) : messageOf(error);
  const paint = paintFor(io.stderr, io.env);
  const lines = wrapped(safeText(message), columnsOf(io.stderr, io.env));
  io.stderr.write(`${lines.map((line) => paint.bad(line)).join('\n')}\n`);
  const debug = (io.env['LEDGERLINE_DEBUG'] ?? '') !== '' || argv.includes('--verbose');
  if (debug && code !== EXIT.wrongUse) io.stderr.write(`${stackOf(error)}\n`);
  if (argv.includes('--json')) {
    const told = { ...countsOf(error), error: { code: codeOf(error), message }, exit_code: code };
    io.stdout.write(`${JSON.stringify(told)}\n`);
  }
  return code;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const faultWords = (error: unknown): string =>
  `Something went wrong that should not have (${messageOf(error).split('\n')[0] ?? ''}). What is archived stays so; with LEDGERLINE_DEBUG=1 there is more to read.`;
