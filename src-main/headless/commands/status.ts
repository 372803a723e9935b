import { ownerOf } from '../../engine/ledger/owner.ts';
import type { LastRun, LedgerReader } from '../../engine/ledger/reader.ts';
import { foundIn, NO_TRACKS, type StandingTotals, sumOf } from '../../engine/ledger/totals.ts';
import { displayPath } from '../../engine/library/paths.ts';
import { whyUnreachable } from '../../engine/library/reach.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { formatsFor } from '../../../shared/formats.ts';
import type { Pause } from '../../../shared/settings.ts';
import { columnsOf, paintFor } from '../terminal/paint.ts';
import { hintFor } from '../typed.ts';
import { paceIn, paceJson } from './status-pace.ts';
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
      : `${statusText(status, paintFor(io.stdout, io.env), Date.now(), { formats: formatsFor(), columns: columnsOf(io.stdout, io.env), hint: hintFor(values['data-dir']) })}\n`,
  );
  return EXIT.allArchived;
};

type Read = Pick<Status, 'libraries' | 'archives' | 'lastRun' | 'pace' | 'holding'>;
const NOTHING: Read = {
  libraries: [],
  archives: [],
  lastRun: undefined,
  pace: undefined,
  holding: undefined,
};

const readStatus = async (reader: LedgerReader): Promise<Read> => {
  const rows = reader.libraries();
  const archives = reader.archives();
  const whyOf = await Promise.all(
    rows.map(async ({ id, path }) => {
      const held = archives.some((archive) => foundIn(reader.totals(archive.id, [id])) > 0);
      return held ? whyUnreachable(path, (name) => reader.hasAtTop(id, name)) : undefined;
    }),
  );
  const reached = rows.filter((_, i) => whyOf[i] === undefined).map(({ id }) => id);
  /** A folder that was moved is a library twice: its files are counted where they are now. */
  const twinsIn = (archiveId: number, libraryId: number): StandingTotals =>
    reached.includes(libraryId) ? NO_TRACKS : reader.twins(archiveId, libraryId, reached);
  return {
    libraries: rows.map((row, i) => ({
      ...row,
      missing: reader.missing([row.id]),
      shut: reader.shutFolders([row.id]),
      unreachable: whyOf[i],
      countedElsewhere: Math.max(0, ...archives.map(({ id }) => foundIn(twinsIn(id, row.id)))),
    })),
    archives: archives.map(({ id, url, identity }) => {
      const perLibrary = rows.map((row) => sumOf(reader.totals(id, [row.id]), twinsIn(id, row.id), -1));
      return {
        id,
        place: url,
        identity,
        wasUsed: reader.wasUsed(id),
        totals: perLibrary.reduce((sum, part) => sumOf(sum, part), NO_TRACKS),
        perLibrary,
      };
    }),
    lastRun: reader.lastRun(),
    pace: paceIn(reader, Date.now()),
    holding: reader.settings(),
  };
};

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

/** `until` null: until somebody resumes. */
const pauseJson = (pause: Pause | null) =>
  pause === null || (pause.until !== null && pause.until <= Date.now())
    ? null
    : { until: isoOf(pause.until) };

const totalsJson = (totals: StandingTotals) => ({
  found: foundIn(totals),
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
  missing: status.libraries.reduce((sum, { missing }) => sum + missing, 0),
  libraries: status.libraries.map(({ path, scanned_at, missing, unreachable, countedElsewhere }) => ({
    path: displayPath(path),
    scanned_at: isoOf(scanned_at),
    missing,
    unreachable: unreachable ?? null,
    counted_elsewhere: countedElsewhere,
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
  pause: pauseJson(status.holding?.pause ?? null),
  night: status.holding?.nightWindow ?? null,
  pace: status.pace === undefined ? null : paceJson(status.pace),
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
