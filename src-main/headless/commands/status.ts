import { ownerOf } from '../../engine/ledger/owner.ts';
import type { LastRun, LedgerReader } from '../../engine/ledger/reader.ts';
import type { StandingTotals } from '../../engine/ledger/totals.ts';
import { displayPath } from '../../engine/library/paths.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { formatsFor } from '../terminal/formats.ts';
import { paintFor } from '../terminal/paint.ts';
import { statusText, type ArchiveStatus, type Status } from './status-text.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = { json: { type: 'boolean' }, 'data-dir': { type: 'string' } } as const;

/** `ledgerline status`: how far it has come; also while a run is under way. */
export const statusCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('status', argv, OPTIONS);
  demandNone('status', positionals);
  const folder = dataFolderFrom(values['data-dir'], io);
  const status: Status = {
    dataFolder: folder,
    atWork: ownerOf(folder),
    ...((await readLedger(folder, readStatus)) ?? NOTHING),
  };
  io.stdout.write(
    values.json === true
      ? `${JSON.stringify(statusJson(status))}\n`
      : `${statusText(status, formatsFor(), paintFor(io.stdout, io.env), Date.now())}\n`,
  );
  return EXIT.allArchived;
};

type Read = Pick<Status, 'libraries' | 'archives' | 'lastRun'>;
const NOTHING: Read = { libraries: [], archives: [], lastRun: undefined };

const readStatus = (reader: LedgerReader): Read => {
  const libraries = reader.libraries().map((row) => ({ ...row, missing: reader.missing(row.id) }));
  const ids = libraries.map(({ id }) => id);
  return {
    libraries,
    archives: reader.archives().map(({ id, url, identity }) => ({
      id,
      place: url,
      identity,
      totals: reader.totals(id, ids),
      perLibrary: ids.map((libraryId) => reader.totals(id, [libraryId])),
    })),
    lastRun: reader.lastRun(),
  };
};

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

const totalsJson = (totals: StandingTotals) => ({
  found: totals.archived + totals.failed + totals.skipped + totals.waiting,
  archived: totals.archived,
  failed: totals.failed,
  skipped: totals.skipped,
  waiting: totals.waiting,
  bytes_found: totals.bytesFound,
  bytes_archived: totals.bytesArchived,
  bytes_waiting: totals.bytesWaiting,
});

export const statusJson = (status: Status): Readonly<Record<string, unknown>> => ({
  data_folder: status.dataFolder,
  at_work: status.atWork ?? null,
  libraries: status.libraries.map(({ path, scanned_at, missing }) => ({
    path: displayPath(path),
    scanned_at: isoOf(scanned_at),
    missing,
  })),
  archives: status.archives.map(({ place, identity, totals, perLibrary }) => ({
    archive: place,
    identity,
    ...totalsJson(totals),
    libraries: perLibrary.map((part, i) => ({
      path: displayPath(status.libraries[i]?.path ?? new Uint8Array()),
      ...totalsJson(part),
    })),
  })),
  last_run: status.lastRun === undefined ? null : runJson(status.lastRun, status.archives),
});

const runJson = (run: LastRun, archives: readonly ArchiveStatus[]) => ({
  archive: archives.find(({ id }) => id === run.archive_id)?.place ?? null,
  started_at: isoOf(run.started_at),
  ended_at: isoOf(run.ended_at),
  archived: run.archived,
  moved: run.moved,
  puts: run.puts,
  bytes_sent: run.bytes_sent,
});
