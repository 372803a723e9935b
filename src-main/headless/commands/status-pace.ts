import type { Night } from '../../../shared/bridge/pace.ts';
import type { Formats } from '../../../shared/formats.ts';
import { endsAt } from '../../engine/forecast/ends-at.ts';
import { timeLeft } from '../../engine/forecast/forecast.ts';
import { nightsOf } from '../../engine/forecast/nights.ts';
import type { LedgerReader } from '../../engine/ledger/reader.ts';

/** How it went in the last hours and in the nights of the work, with the archive that was worked with last. */
export interface StatusPace {
  readonly hours: number;
  readonly bytesSent: number;
  readonly tracksSent: number;
  readonly nights: readonly Night[];
  /** When it is done, ms since 1970; undefined while that cannot be told. */
  readonly endsAt: number | undefined;
}

const HOURS = 6;
const HOUR_MS = 3_600_000;
const STILL = { bytes: 0, tracks: 0 };

/** Undefined: no run began yet, or its archive was forgotten. */
export const paceIn = (reader: LedgerReader, now: number): StatusPace | undefined => {
  const archiveId = reader.lastRun()?.archive_id ?? undefined;
  if (archiveId === undefined) return undefined;
  const settings = reader.settings();
  const { waiting, bytesWaiting } = reader.totals(
    archiveId,
    reader.libraries().map(({ id }) => id),
  );
  const left = { waiting, bytesWaiting };
  const milliseconds = timeLeft(reader, archiveId, left, STILL, settings.lineLimit, now);
  const { bytesSent, tracksSent } = reader.pace.sum(archiveId, now - HOURS * HOUR_MS, now);
  return {
    hours: HOURS,
    bytesSent,
    tracksSent,
    nights: nightsOf({
      now,
      job: reader.job(archiveId),
      hours: settings,
      ...left,
      milliseconds,
      archivedIn: (from, to) => reader.pace.sum(archiveId, from, to),
    }),
    endsAt: waiting === 0 ? undefined : endsAt(now, milliseconds, settings),
  };
};

/** A sentence; none where nothing was sent for long and nothing waits. */
export const paceWords = (pace: StatusPace | undefined, formats: Formats, now: number): readonly string[] => {
  if (pace === undefined) return [];
  const { hours, bytesSent, tracksSent, nights } = pace;
  const past = nights.filter(({ kind }) => kind === 'past').at(-1);
  const toCome = nights.filter(({ tracksToCome }) => tracksToCome > 0).length;
  const parts = [
    ...(tracksSent > 0
      ? [
          `${formats.files(tracksSent)} (${formats.bytes(bytesSent)}) sent in the last ${formats.count(hours)} hours`,
        ]
      : []),
    ...(past === undefined ? [] : [`${formats.files(past.tracks)} archived in the last night`]),
    ...(pace.endsAt === undefined
      ? []
      : [
          `done ${formats.when(pace.endsAt, now)}${toCome > 1 ? `, after ${formats.count(toCome)} nights` : ''}`,
        ]),
  ];
  return parts.length === 0 ? [] : [`Pace: ${parts.join('; ')}.`];
};

const isoOf = (time: number): string => new Date(time).toISOString();

export const paceJson = (pace: StatusPace): Readonly<Record<string, unknown>> => ({
  hours: pace.hours,
  bytes_sent: pace.bytesSent,
  tracks_sent: pace.tracksSent,
  ends_at: pace.endsAt === undefined ? null : isoOf(pace.endsAt),
  nights: pace.nights.map(({ kind, from, to, tracks, bytes, tracksToCome, bytesToCome }) => ({
    kind,
    from: isoOf(from),
    to: isoOf(to),
    archived: tracks,
    bytes_archived: bytes,
    to_come: tracksToCome,
    bytes_to_come: bytesToCome,
  })),
});
