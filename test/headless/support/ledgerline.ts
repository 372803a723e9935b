import { expect, vi } from 'vitest';
import { runSummarySchema } from '../../../shared/run.ts';
import { type CliOptions, type CliResult, runCli, type RunningCli, startCli } from '../../kit/cli.ts';
import { testFolder } from '../../kit/test-folder.ts';

// Whole programs are started here, a dozen in one test: on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 });

export interface Ledgerline {
  readonly dataFolder: string;
  readonly run: (...argv: readonly string[]) => Promise<CliResult>;
  readonly runWith: (options: CliOptions, ...argv: readonly string[]) => Promise<CliResult>;
  readonly start: (...argv: readonly string[]) => RunningCli;
}

/** The command line, with a data folder of its own that is not there yet. */
export const ledgerline = (): Ledgerline => {
  const dataFolder = `${testFolder('data')}/made by the first run`;
  const env = {
    LEDGERLINE_DATA: dataFolder,
    LEDGERLINE_TEST_RESERVE_BYTES: '0',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
  return {
    dataFolder,
    run: (...argv) => runCli(argv, { env }),
    runWith: (options, ...argv) => runCli(argv, { ...options, env: { ...env, ...options.env } }),
    start: (...argv) => startCli(argv, { env }),
  };
};

const jsonSchema = runSummarySchema.loose();

/** The object of --json; its sums are sure to be right and it stands alone on the last line. */
export const summaryIn = (
  result: CliResult,
): Record<string, unknown> & ReturnType<typeof jsonSchema.parse> => {
  const summary = jsonSchema.parse(result.json);
  const { archived, already_archived, moved, failed, skipped, waiting } = summary;
  expect(summary.found).toBe(archived + already_archived + moved + failed + skipped + waiting);
  expect(summary['exit_code']).toBe(result.code);
  return summary;
};
