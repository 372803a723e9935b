import { constants, setPriority } from 'node:os';
import { type IAudioMetadata, parseFile } from 'music-metadata';
import type { Media, ReadAnswer } from './messages.ts';
import { readRequestSchema } from './messages.ts';

/**
 * The entry of the helper process that reads tags: one file at a time, as it is told. It holds no secrets, may be
 * killed at any moment, and steps back behind everything else that the computer has to do.
 */
const start = (): void => {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch (error) {
    // Some systems do not let a process lower itself; then it works at the usual priority.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  process.on('message', (message) => void read(message));
};

const read = async (message: unknown): Promise<void> => {
  const { job, path } = readRequestSchema.parse(message);
  answer(await readFile(job, path));
};

const readFile = async (job: number, path: string): Promise<ReadAnswer> => {
  try {
    return { job, media: mediaOf(await parseFile(path)) };
  } catch (error) {
    return { job, reason: reasonOf(error, path) };
  }
};

const answer = (message: ReadAnswer): void => {
  process.send?.(message);
};

const mediaOf = ({ common, format }: IAudioMetadata): Media => ({
  title: line(common.title),
  artist: line(common.artist),
  album: line(common.album),
  album_artist: line(common.albumartist),
  composer: line(common.composer?.join('; ')),
  genre: line(common.genre?.join('; ')),
  year: wholeNumber(common.year),
  track_number: wholeNumber(common.track.no),
  disc_number: wholeNumber(common.disk.no),
  duration: amount(format.duration),
  codec: line(format.codec),
  bit_rate: amount(format.bitrate),
  has_artwork: (common.picture?.length ?? 0) > 0,
});

const line = (value: string | undefined): string | null => {
  const text = value?.toWellFormed().replaceAll('\0', '').trim().slice(0, 1000) ?? '';
  return text === '' ? null : text;
};

const wholeNumber = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isInteger(value) && value >= 0 && value <= 9999
    ? value
    : null;

const amount = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) && value >= 0 ? value : null;

/** The parser's own words, without the path of the stored file. */
const reasonOf = (error: unknown, path: string): string => {
  const words = error instanceof Error ? error.message : String(error);
  return `The file cannot be read as audio: ${words.replaceAll(path, '').replace(/[:\s]+$/, '')}`.slice(
    0,
    500,
  );
};

start();
