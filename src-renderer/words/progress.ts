import type { Formats } from '../../shared/formats.ts';
import type { PageArchive, PageStanding, PageState, PageWork } from '../../shared/bridge/state.ts';
import { shareDone, wanted } from '../../shared/bridge/standing.ts';
import { tracks } from './sentence.ts';

export { shareDone };

/** "1.2 TB of 2 TB, 59 %" */
export const bytesWords = (standing: PageStanding, formats: Formats): string => {
  const { bytesArchived, bytesWaiting, failed } = standing;
  // What failed is no part of these bytes: "358 MB of 358 MB, 99 %" would not add up.
  if (bytesWaiting === 0 && failed > 0) return `${formats.bytes(bytesArchived)} archived`;
  return `${formats.bytes(bytesArchived)} of ${formats.bytes(bytesArchived + bytesWaiting)}`;
};

export const shareWords = (standing: PageStanding, formats: Formats): string =>
  formats.percent(Math.round(shareDone(standing) * 10_000), 10_000);

/** "3.2 MB/s of 4 MB/s" */
export const lineWords = (state: PageState, formats: Formats): string => {
  const rate = state.work?.bytesPerSecond ?? 0;
  const { lineLimit } = state.settings;
  if (rate === 0) return 'at rest';
  return lineLimit === null
    ? formats.rate(rate)
    : `${formats.rate(rate)} of ${formats.rate(lineLimit)} allowed`;
};

/** "About 3 files a second." */
export const filesRateWords = ({ filesPerSecond }: PageWork, formats: Formats): string => {
  if (filesPerSecond === 0) return 'Nothing was sent in the last half minute.';
  if (filesPerSecond >= 0.95) return `About ${formats.files(Math.round(filesPerSecond))} a second.`;
  return `About ${formats.files(Math.max(1, Math.round(filesPerSecond * 60)))} a minute.`;
};

/** What this run has done so far. */
export const sentWords = ({ sent, bytesSent }: PageWork, formats: Formats): string =>
  `${formats.files(sent)}, ${formats.bytes(bytesSent)} since it was last started.`;

/** "31 of 43 MB": of one file on its way, in the unit of the whole. */
export const partWords = (sent: number, bytes: number, formats: Formats): string => {
  const whole = formats.bytes(bytes);
  const unit = whole.slice(whole.lastIndexOf(' ') + 1);
  const size = UNIT_SIZES[unit];
  if (size === undefined || bytes < 10 * size) return `${formats.bytes(sent)} of ${whole}`;
  return `${formats.count(Math.floor(sent / size))} of ${formats.count(Math.round(bytes / size))} ${unit}`;
};

const UNIT_SIZES: Readonly<Record<string, number>> = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

export const libraryWords = (standing: PageStanding, formats: Formats): string => {
  const all = wanted(standing);
  if (all === 0) return 'nothing found yet';
  if (standing.waiting === 0 && standing.failed === 0) return `all ${tracks(all, formats)}`;
  return `${formats.count(standing.archived)} of ${tracks(all, formats)}`;
};

/** Where the copies are kept, in one sentence or two. */
export const archiveWords = (archive: PageArchive, formats: Formats): string =>
  archive.kind === 'server'
    ? `An archive on a server; you are ${archive.email} there.`
    : `On this computer; ${formats.bytes(archive.bytesFree)} are free there.`;

export const SAME_DISK =
  'This is the disk that holds your music: a copy, not a backup. If the disk fails, both are gone.';
