import { NotAnArchiveError } from '../../engine/archive/errors.ts';
import { originOf } from '../../engine/archive/connect.ts';
import type { Io } from '../io.ts';
import { parseLineSpeed } from '../line-speed.ts';
import { parseOptions } from '../options.ts';
import { typed } from '../typed.ts';
import { UsageError } from '../usage-error.ts';
import { dataFolderFrom } from './data-dir.ts';

export interface SyncOptions {
  readonly folders: readonly string[];
  readonly dataFolder: string;
  /** As --data-dir named it. */
  readonly dataDir: string | undefined;
  /** undefined: the archive on this computer. */
  readonly server:
    | { readonly url: string; readonly email: string | undefined; readonly password: string | undefined }
    | undefined;
  /** Undefined: as the settings say. */
  readonly concurrency: number | 'auto' | undefined;
  readonly traditional: boolean;
  readonly watch: boolean;
  readonly acceptDuplicates: boolean;
  readonly recheck: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
  /** For --dry-run, in bytes a second. */
  readonly line: number | undefined;
}

const SYNC_OPTIONS = {
  url: { type: 'string' },
  username: { type: 'string' },
  password: { type: 'string' },
  concurrent: { type: 'string' },
  line: { type: 'string' },
  'data-dir': { type: 'string' },
  verbose: { type: 'boolean', short: 'v' },
  'dry-run': { type: 'boolean' },
  traditional: { type: 'boolean' },
  watch: { type: 'boolean' },
  json: { type: 'boolean' },
  'accept-duplicates': { type: 'boolean' },
  recheck: { type: 'boolean' },
} as const;

const MOST_CONCURRENT = 50;

/** @throws UsageError */
export const parseSync = (argv: readonly string[], io: Pick<Io, 'env' | 'cwd'>): SyncOptions => {
  const { values, positionals: folders } = parseOptions('sync', argv, SYNC_OPTIONS);
  const { url, username, password, line, watch = false, recheck = false, 'dry-run': dryRun = false } = values;
  if (folders.length === 0)
    throw new UsageError(`Which folder holds the music? Name it: ${typed('sync ~/Music')}`);
  if (folders.includes('')) throw new UsageError('One of the folders has an empty name; leave it out.');
  if (url === undefined && (username !== undefined || password !== undefined))
    throw new UsageError(
      '--username and --password are for an archive elsewhere; name it with --url, or leave them out.',
    );
  if (line !== undefined && !dryRun)
    throw new UsageError('--line is for estimating how long it takes; use it with --dry-run.');
  if (recheck && dryRun) throw new UsageError('--recheck and --dry-run do not go together; leave one out.');
  if (watch && dryRun) throw new UsageError('--watch and --dry-run do not go together; leave one out.');
  return {
    folders,
    dataFolder: dataFolderFrom(values['data-dir'], io),
    dataDir: values['data-dir'],
    server: url === undefined ? undefined : { url: addressFrom(url), email: username, password },
    concurrency: values.concurrent === undefined ? undefined : concurrencyFrom(values.concurrent),
    traditional: values.traditional === true,
    watch,
    acceptDuplicates: values['accept-duplicates'] === true,
    recheck,
    verbose: values.verbose === true,
    json: values.json === true,
    dryRun,
    line: line === undefined ? undefined : parseLineSpeed(line),
  };
};

export const concurrencyFrom = (text: string): number | 'auto' => {
  if (text === 'auto') return text;
  const number = Number(text);
  if (!/^\d{1,2}$/.test(text) || number < 1 || number > MOST_CONCURRENT)
    throw new UsageError(`--concurrent ${text}: say how many at once, 1 to ${MOST_CONCURRENT}, or auto.`);
  return number;
};

const addressFrom = (url: string): string => {
  try {
    return originOf(url);
  } catch (error) {
    if (!(error instanceof NotAnArchiveError)) throw error;
    throw new UsageError(
      `--url ${url}: ${String(error.context['what'])}. The address of an archive looks like https://archive.example.`,
      { cause: error },
    );
  }
};
