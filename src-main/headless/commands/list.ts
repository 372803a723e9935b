import { isUtf8 } from 'node:buffer';
import { setImmediate as breath } from 'node:timers/promises';
import { type ListedTrack, TRACK_STATES, type TrackState } from '../../engine/ledger/track-pages.ts';
import type { LedgerReader } from '../../engine/ledger/reader.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io, Output } from '../io.ts';
import { readLedger } from '../ledger-reading.ts';
import { demandNone, parseOptions } from '../options.ts';
import { type Formats, formatsFor } from '../../../shared/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import { hintFor } from '../typed.ts';
import { isSearch } from '../../engine/views/find.ts';
import { searchSchema } from '../../../shared/bridge/fields.ts';
import { UsageError } from '../usage-error.ts';
import { wrapped } from '../terminal/wrap.ts';
import { columnsOf } from '../terminal/paint.ts';
import { adviceFor, isOfFolders, type ShownTo } from './failure-text.ts';
import { dataFolderFrom } from './data-dir.ts';

const OPTIONS = {
  state: { type: 'string' },
  search: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
} as const;

/** `ledgerline list --state …`: the files that stand so, with the reason. */
export const listCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseOptions('list', argv, OPTIONS);
  demandNone('list', positionals);
  const state = stateFrom(values.state);
  const search = searchFrom(values.search);
  const limit = limitFrom(values.limit);
  const formats = formatsFor();
  const shown = { formats, columns: columnsOf(io.stdout, io.env), hint: hintFor(values['data-dir']) };
  const show = values.json === true ? jsonLine(state) : (track: ListedTrack) => textLines(track, shown);
  const folder = dataFolderFrom(values['data-dir'], io);
  const listed = await readLedger(folder, (reader, find) => {
    const found = search === undefined ? undefined : find(state, search);
    return writePages(reader, { state, limit, found }, show, io.stdout);
  });
  if (listed === undefined)
    throw new UsageError(`There is no ledger in ${folder} yet, so there is nothing to list.`);
  if (values.json !== true) io.stdout.write(`${endWords({ state, limit, search }, listed, formats)}\n`);
  return EXIT.allArchived;
};

interface Listed {
  readonly files: number;
  readonly folders: number;
}

interface Wanted {
  readonly state: TrackState;
  readonly limit: number;
  /** Their ids; undefined: all. */
  readonly found: ReadonlySet<number> | undefined;
}

const writePages = async (
  reader: LedgerReader,
  { state, limit, found }: Wanted,
  show: (track: ListedTrack) => string,
  output: Output,
): Promise<Listed> => {
  const libraryIds = reader.libraries().map(({ id }) => id);
  // Of several archives, the one that was worked with last.
  const archiveId = reader.lastRun()?.archive_id ?? reader.archives().at(-1)?.id;
  let listed = 0;
  let folders = 0;
  for (const page of reader.tracks(state, archiveId, libraryIds)) {
    const wanted = found === undefined ? page : page.filter(({ id }) => found.has(id));
    const shown = wanted.slice(0, limit - listed);
    output.write(shown.map(show).join(''));
    listed += shown.length;
    folders += shown.filter(({ code = '' }) => isOfFolders({ code })).length;
    // Only between two turns do we hear that the reader has gone.
    await breath();
    if (listed >= limit || output.destroyed === true) break;
  }
  return { files: listed - folders, folders };
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

const searchFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || (isSearch(text) && searchSchema.safeParse(text).success)) return text;
  throw new UsageError(
    isSearch(text)
      ? '--search: that is too long to look for.'
      : '--search: say what to look for, such as --search "miles davis".',
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
    onDisk,
    byteSize,
    code,
    class: failureClass,
    sentence,
    detail,
    sha256,
    songId,
    archivedAt,
  }: ListedTrack) =>
    `${safeJson({
      state,
      ...pathJson(path, onDisk),
      bytes: byteSize,
      code,
      class: failureClass,
      sentence,
      detail,
      sha256,
      song_id: songId,
      archived_at: archivedAt === undefined ? undefined : new Date(archivedAt).toISOString(),
    })}\n`;

/** The true name, with which a program can open the file; where it is no text, its bytes beside what can be shown. */
const pathJson = (path: string, onDisk: Buffer): Readonly<Record<string, string>> =>
  isUtf8(onDisk) ? { path: onDisk.toString('utf8') } : { path, path_base64: onDisk.toString('base64') };

/** What a terminal would obey stands there as JSON's own escapes, which mean the same. */
const safeJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

const textLines = (
  { path, byteSize, code = '', sentence, detail, class: failureClass }: ListedTrack,
  { formats, columns, hint }: ShownTo,
): string => {
  const what = isOfFolders({ code }) ? 'folder' : formats.bytes(byteSize);
  const why =
    sentence === undefined
      ? ''
      : `${wrapped(`    ${safeText(sentence)}${adviceFor(failureClass, hint)}${detail === undefined ? '' : ` (${safeText(detail)})`}`, columns, 4).join('\n')}\n`;
  return `${path}  ${what}\n${why}`;
};

const STANDING: Readonly<Record<TrackState, string>> = {
  failed: 'has failed',
  skipped: 'is skipped',
  waiting: 'is waiting',
  missing: 'is missing from where it was',
  archived: 'is archived yet',
};

const endWords = (
  { state, limit, search }: Pick<Wanted, 'state' | 'limit'> & { readonly search: string | undefined },
  { files, folders }: Listed,
  formats: Formats,
): string => {
  const which = search === undefined ? '' : ` that "${safeText(search)}" finds`;
  if (files + folders === 0) return `No file${which} ${STANDING[state]}.`;
  const words = [
    ...(files > 0 ? [formats.files(files)] : []),
    ...(folders > 0 ? [formats.folders(folders)] : []),
  ].join(' and ');
  return files + folders === limit
    ? `These are the first ${words}; --limit shows more.`
    : `${words} ${state}${which}.`;
};
