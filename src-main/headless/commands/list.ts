import { setImmediate as breath } from 'node:timers/promises';
import { type ListedTrack, TRACK_STATES, type TrackState } from '../../engine/ledger/track-pages.ts';
import type { LedgerReader } from '../../engine/ledger/reader.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io, Output } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { type Formats, formatsFor } from '../terminal/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import { type Hint, hintFor } from '../typed.ts';
import { UsageError } from '../usage-error.ts';
import { adviceFor } from './failure-text.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = {
  state: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline list --state …`: the files that stand so, with the reason. */
export const listCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('list', argv, OPTIONS);
  demandNone('list', positionals);
  const state = stateFrom(values.state);
  const limit = limitFrom(values.limit);
  const formats = formatsFor();
  const hint = hintFor(values['data-dir']);
  const show =
    values.json === true ? jsonLine(state) : (track: ListedTrack) => textLines(track, formats, hint);
  const listed = await readLedger(dataFolderFrom(values['data-dir'], io), (reader) =>
    writePages(reader, state, limit, show, io.stdout),
  );
  if (values.json !== true) io.stdout.write(`${endWords(state, listed ?? 0, limit, formats)}\n`);
  return EXIT.allArchived;
};

const writePages = async (
  reader: LedgerReader,
  state: TrackState,
  limit: number,
  show: (track: ListedTrack) => string,
  output: Output,
): Promise<number> => {
  const libraryIds = reader.libraries().map(({ id }) => id);
  // Of several archives, the one that was worked with last.
  const archiveId = reader.lastRun()?.archive_id ?? reader.archives().at(-1)?.id;
  let listed = 0;
  for (const page of reader.tracks(state, archiveId, libraryIds)) {
    const shown = page.slice(0, limit - listed);
    output.write(shown.map(show).join(''));
    listed += shown.length;
    // Only between two turns do we hear that the reader has gone.
    await breath();
    if (listed >= limit || output.destroyed === true) break;
  }
  return listed;
};

const stateFrom = (text: string | undefined): TrackState => {
  const state = TRACK_STATES.find((known) => known === text);
  if (state !== undefined) return state;
  const known = TRACK_STATES.join(', ');
  throw new UsageError(
    text === undefined
      ? `Which files? Say it with --state and one of ${known}.`
      : `--state ${text}: there are ${known}.`,
  );
};

const limitFrom = (text: string | undefined): number => {
  if (text === undefined) return Infinity;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new UsageError(`--limit ${text}: say how many to list at most, such as 100.`);
  return Number(text);
};

const jsonLine =
  (state: TrackState) =>
  ({
    path,
    byteSize,
    code,
    class: failureClass,
    sentence,
    detail,
    sha256,
    songId,
    archivedAt,
  }: ListedTrack) =>
    `${JSON.stringify({
      state,
      path,
      bytes: byteSize,
      code,
      class: failureClass,
      sentence,
      detail,
      sha256,
      song_id: songId,
      archived_at: archivedAt === undefined ? undefined : new Date(archivedAt).toISOString(),
    })}\n`;

const textLines = (
  { path, byteSize, sentence, detail, class: failureClass }: ListedTrack,
  formats: Formats,
  hint: Hint,
): string => {
  const why =
    sentence === undefined
      ? ''
      : `    ${safeText(sentence)}${adviceFor(failureClass, hint)}${detail === undefined ? '' : ` (${safeText(detail)})`}\n`;
  return `${path}  ${formats.bytes(byteSize)}\n${why}`;
};

const STANDING: Readonly<Record<TrackState, string>> = {
  failed: 'has failed',
  skipped: 'is skipped',
  waiting: 'is waiting',
  missing: 'is missing from where it was',
  archived: 'is archived yet',
};

const endWords = (state: TrackState, listed: number, limit: number, formats: Formats): string => {
  if (listed === 0) return `No file ${STANDING[state]}.`;
  return listed === limit
    ? `These are the first ${formats.files(listed)}; --limit shows more.`
    : `${formats.files(listed)} ${state}.`;
};
