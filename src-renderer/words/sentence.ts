import type { Formats } from '../../shared/formats.ts';
import type { PageStanding, PageState, PageWork } from '../../shared/bridge/state.ts';
import { wanted } from '../../shared/bridge/standing.ts';
import { gateWords } from './gate.ts';
import { lastNightWords } from './nights.ts';

export { wanted };

/** A piece of a sentence; what matters stands in the lamp's colour. */
export interface Piece {
  readonly text: string;
  readonly lamp?: true;
}

/** How things stand, as a person would say it. */
export interface Sentence {
  /** Changes only when something else is the matter, not with the numbers. */
  readonly kind: 'trouble' | 'empty' | 'looking' | 'working' | 'resting' | 'hindered' | 'done' | 'done_but';
  readonly headline: readonly Piece[];
  readonly below: string;
}

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

const lamp = (text: string): Piece => ({ text, lamp: true });
const plain = (text: string): Piece => ({ text });

export const tracks = (count: number, formats: Formats): string =>
  `${formats.count(count)} ${count === 1 ? 'track' : 'tracks'}`;

/** The home view's sentence. Whether anything has been chosen at all is for the caller. */
export const sentence = (state: PageState, now: number, formats: Formats): Sentence => {
  const { standing, trouble, work } = state;
  if (trouble !== null)
    return {
      kind: 'trouble',
      headline: soFar(standing, formats),
      below: `It has stopped. ${trouble.message}`,
    };
  if (work === null)
    return { kind: 'trouble', headline: soFar(standing, formats), below: 'Nothing is being archived.' };
  return ofWork(state, work, now, formats);
};

const ofWork = (state: PageState, work: PageWork, now: number, formats: Formats): Sentence => {
  const { standing, nights } = state;
  const all = wanted(standing);
  const hindrance = gateWords(work, formats, now);
  if (work.scanning || (standing.waiting === 0 && !work.looked)) return looking(standing, hindrance, formats);
  const away = state.libraries.find(({ trouble }) => trouble !== null)?.trouble ?? undefined;
  if (all === 0 && away !== undefined)
    return { kind: 'hindered', headline: [plain('A music folder cannot be reached.')], below: away };
  if (all === 0)
    return {
      kind: 'empty',
      headline: [plain('There is no music in your folders yet.')],
      below: 'Whatever you put there is found and archived by itself.',
    };
  if (standing.waiting === 0) return done(standing, hindrance ?? away, formats);
  const headline = soFar(standing, formats);
  if (hindrance === undefined)
    return { kind: 'working', headline, below: paceWords(work, nights, now, formats) };
  const atRest = work.gate.reason === 'paused' || work.gate.reason === 'night';
  return { kind: atRest ? 'resting' : 'hindered', headline, below: hindrance };
};

const soFar = (standing: PageStanding, formats: Formats): readonly Piece[] => {
  const all = wanted(standing);
  if (all === 0) return [plain('Nothing is archived yet.')];
  return [lamp(formats.count(standing.archived)), plain(` of ${tracks(all, formats)} archived.`)];
};

/** While more is being found nobody can say that it is all. */
const looking = (standing: PageStanding, hindrance: string | undefined, formats: Formats): Sentence => {
  const all = wanted(standing);
  const below = hindrance ?? 'Still looking through your music. What is found sets out at once.';
  if (all === 0)
    return { kind: 'looking', headline: [plain('Looking through your music.')], below: hindrance ?? LOOKING };
  return {
    kind: 'looking',
    headline: [lamp(formats.count(standing.archived)), plain(` of ${tracks(all, formats)} archived so far.`)],
    below,
  };
};

const LOOKING = 'What is found sets out at once.';

const done = (standing: PageStanding, hindrance: string | undefined, formats: Formats): Sentence => {
  const all = wanted(standing);
  const { failed } = standing;
  if (failed > 0)
    return {
      kind: 'done_but',
      headline: [
        lamp(formats.count(standing.archived)),
        plain(` of ${tracks(all, formats)} archived; `),
        lamp(formats.count(failed)),
        plain(failed === 1 ? ' needs attention.' : ' need attention.'),
      ],
      below: `Everything else is done. ${hindrance ?? NEW_MUSIC}`,
    };
  return {
    kind: 'done',
    headline:
      all === 1
        ? [plain('Your '), lamp('one'), plain(' track is archived.')]
        : [plain('All '), lamp(formats.count(all)), plain(' tracks are archived.')],
    below: hindrance ?? NEW_MUSIC,
  };
};

const NEW_MUSIC = 'New music is found and archived by itself.';

/** "At this pace done on Tuesday about 05:40, in the second of two nights." */
const paceWords = (
  { endsAt }: PageWork,
  nights: PageState['nights'],
  now: number,
  formats: Formats,
): string =>
  endsAt === undefined
    ? 'How long it takes can be told in a moment.'
    : `At this pace done ${formats.when(endsAt, now)}${lastNightWords(nights, formats)}.`;

/** For the tab of the page. */
export const titleOf = (state: PageState, formats: Formats): string => {
  const all = wanted(state.standing);
  return all === 0
    ? 'Ledgerline'
    : `${formats.count(state.standing.archived)} of ${formats.count(all)} · Ledgerline`;
};
