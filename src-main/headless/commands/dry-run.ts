import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import type { SyncOptions } from './sync-options.ts';
export const dryRun = async (_options: SyncOptions, _io: Io): Promise<number> => {
  await Promise.resolve();
  throw new UsageError('--dry-run is not there yet.');
};
