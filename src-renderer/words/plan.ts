import type { Plan } from '../../shared/bridge/plan.ts';
import type { Formats } from '../../shared/formats.ts';
import { tracks } from './sentence.ts';

/** Kinds of files beyond these are told together. */
const MOST_FORMATS = 5;

/** "12,408 tracks, 412 GB." */
export const planSentence = (plan: Plan, formats: Formats): string => {
  if (plan.tracks > 0) return `${tracks(plan.tracks, formats)}, ${formats.bytes(plan.bytes)}.`;
  return plan.archived > 0
    ? `Nothing new: ${tracks(plan.archived, formats)} ${plan.archived === 1 ? 'is' : 'are'} archived already.`
    : 'No music yet. Whatever you put there later is found by itself.';
};

export const knownWords = ({ archived, tracks: left }: Plan, formats: Formats): string | undefined =>
  archived === 0 || left === 0
    ? undefined
    : `${tracks(archived, formats)} more ${archived === 1 ? 'is' : 'are'} in the archive already.`;

export interface FormatLine {
  readonly name: string;
  readonly words: string;
}

/** The largest kinds of files, and the rest of them in one line. */
export const formatLines = (plan: Plan, formats: Formats): readonly FormatLine[] => {
  const rest = plan.formats.slice(MOST_FORMATS);
  const sum = (of: 'tracks' | 'bytes'): number => rest.reduce((all, each) => all + each[of], 0);
  const all =
    rest.length === 0
      ? plan.formats
      : [
          ...plan.formats.slice(0, MOST_FORMATS),
          { name: `${formats.count(rest.length)} other kinds`, tracks: sum('tracks'), bytes: sum('bytes') },
        ];
  return all.map(({ name, tracks: count, bytes }) => ({
    name,
    words: `${tracks(count, formats)}, ${formats.bytes(bytes)}`,
  }));
};

const HOUR_S = 3600;

/** "4 h 20 min, in one night"; nobody plans a night for what takes minutes. */
export const timeWords = ({ seconds, nights }: Plan['times'][number], formats: Formats): string => {
  const time = formats.duration(seconds);
  if (nights <= 1 && seconds < HOUR_S) return time;
  return nights <= 1 ? `${time}, in one night` : `${time}, in ${formats.count(nights)} nights`;
};

/** The run begins when all of it fits, and not before: see `checkRoom`. */
export const roomWords = (room: NonNullable<Plan['room']>, formats: Formats): string =>
  room.enough
    ? `${formats.bytes(room.needed)} of the ${formats.bytes(room.free)} that are free there.`
    : `There is not room for all of it: it takes ${formats.bytes(room.needed)}, some should stay free, and ${formats.bytes(room.free)} are free. Nothing is copied before there is room for all of it; then it begins by itself.`;

export const otherFilesWords = (count: number, formats: Formats): string | undefined =>
  count === 0
    ? undefined
    : `${formats.files(count)} of other kinds, such as pictures and texts, ${count === 1 ? 'is' : 'are'} no music.`;
