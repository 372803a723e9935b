import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { typed } from './typed.ts';
import { UsageError } from './usage-error.ts';

/** node:util's parseArgs, strict, with words for people. @throws UsageError */
export const parseOptions = <const T extends ParseArgsOptionsConfig>(
  command: string,
  argv: readonly string[],
  options: T,
) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
    throw new UsageError(wordsFor(command, error.code, error.message), { cause: error });
  }
};

const wordsFor = (command: string, code: string, message: string): string => {
  // The long form only, where parseArgs names both: '-h, --help'.
  const option = /'(?:-\w, )?(-[^\s'=<]*)/.exec(message)?.[1] ?? 'an option';
  const help = `"${typed(`${command} --help`)}" lists what there is.`;
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no option ${option}; ${help}`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      if (message.includes('does not take an argument')) return `${option} stands alone, without a value.`;
      return message.includes('ambiguous')
        ? `${option} needs a value; one that begins with a dash is written ${option}=-value.`
        : `${option} needs a value; ${help}`;
    default:
      return `${message} ${help}`;
  }
};

/** @throws UsageError where anything is left over */
export const demandNone = (command: string, positionals: readonly string[]): void => {
  if (positionals.length > 0)
    throw new UsageError(
      `"${typed(command)}" takes no ${positionals.join(' ')}; see "${typed(`${command} --help`)}".`,
    );
};
