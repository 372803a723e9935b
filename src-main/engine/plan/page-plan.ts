import type { Plan } from '../../../shared/bridge/plan.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Settings } from '../../../shared/settings.ts';
import { nightMs } from '../transfer/schedule.ts';
import { type Load, NIGHT_HOURS } from './estimate.ts';
import type { Findings } from './findings.ts';
import { isEnough, type Room } from './room.ts';
import { timesFor, type TimesRow } from './times.ts';

/** A usual number where nobody fixed one. */
const USUAL_UPLOADS = 10;

/** What a look found, and how long it is going to take, for a person who has not pressed Start yet. */
export const pagePlan = (
  findings: Findings,
  settings: Pick<Settings, 'archive' | 'concurrency' | 'lineLimit' | 'nightWindow'>,
  room: Room | undefined,
  formats: Formats,
): Plan => {
  const { totals, others } = findings;
  return {
    tracks: totals.waiting,
    bytes: totals.bytesWaiting,
    formats: findings.formats.map(({ format, files, bytes }) => ({ name: format, tracks: files, bytes })),
    leftOut: leftOut(findings),
    otherFiles: Object.values(others).reduce((sum, files) => sum + files, 0),
    archived: totals.archived,
    times: times({ files: totals.waiting, bytes: totals.bytesWaiting }, findings, settings, formats),
    room: room === undefined ? null : { needed: room.needed, free: room.free, enough: isEnough(room) },
  };
};

/** What a person leaves out is counted as it was met: a folder is one, and nobody knows what is in it. */
const leftOut = ({ skipped, failed, libraries }: Findings): Plan['leftOut'] => {
  const excluded = libraries.reduce((sum, library) => sum + library.excluded, 0);
  return [
    ...[...skipped, ...failed]
      .filter(({ code }) => code !== 'excluded')
      .map(({ sentence, tracks, examples }) => ({
        reason: sentence,
        files: tracks,
        examples: [...examples],
      })),
    ...(excluded === 0
      ? []
      : [{ reason: 'Left out by the lines in your settings.', files: excluded, examples: [] }]),
  ];
};

const times = (
  load: Load,
  { measured }: Findings,
  {
    archive,
    concurrency,
    lineLimit,
    nightWindow,
  }: Pick<Settings, 'archive' | 'concurrency' | 'lineLimit' | 'nightWindow'>,
  formats: Formats,
): Plan['times'] => {
  const uploads = concurrency === 'auto' ? USUAL_UPLOADS : concurrency;
  const rows = timesFor(load, { here: archive?.kind === 'here', line: undefined, measured }, [uploads]);
  const nightSeconds = nightWindow === null ? NIGHT_HOURS * 3600 : nightMs(nightWindow) / 1000;
  const told = rows.flatMap((row) => {
    const seconds = secondsOf(row);
    return seconds === undefined ? [] : [{ pace: paceWords(row, formats), seconds, limit: speedOf(row) }];
  });
  const atLimit =
    lineLimit === null
      ? []
      : [{ pace: `the limit you set, ${formats.rate(lineLimit)}`, seconds: load.bytes / lineLimit }];
  // What is faster than the limit is not going to be seen.
  const within = told.filter(({ limit }) => lineLimit === null || limit <= lineLimit);
  const slowed = within.length < told.length ? atLimit : [];
  return [...within, ...slowed].map(({ pace, seconds }) => ({
    pace,
    seconds: Math.round(seconds),
    nights: Math.ceil(seconds / nightSeconds),
  }));
};

const secondsOf = (row: TimesRow): number | undefined => {
  switch (row.kind) {
    case 'measured':
      return row.estimate.seconds;
    case 'pace':
      return row.estimates[0]?.seconds;
  }
};

const speedOf = (row: TimesRow): number => {
  switch (row.kind) {
    case 'measured':
      return row.rate.bytesPerSecond;
    case 'pace':
      return row.pace.bytesPerSecond;
  }
};

const paceWords = (row: TimesRow, formats: Formats): string => {
  switch (row.kind) {
    case 'measured':
      return 'as in earlier runs';
    case 'pace': {
      const { bytesPerSecond } = row.pace;
      if (row.isDisk) return 'copying on this computer';
      return `a line of ${formats.count((bytesPerSecond * 8) / 1e6)} Mbit/s`;
    }
  }
};
