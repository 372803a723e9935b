import type { Formats } from '../../shared/formats.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import type { Sentence } from './sentence.ts';

/** How the view of what needs attention opens; good news where nothing does. */
export const attentionSentence = (
  { standing, work }: PageState,
  formats: Formats,
): Pick<Sentence, 'headline' | 'below'> => {
  const { failed } = standing;
  if (failed > 0)
    return {
      headline: [
        { text: formats.count(failed), lamp: true },
        { text: failed === 1 ? ' track needs attention.' : ' tracks need attention.' },
      ],
      below:
        'They were tried as often as makes sense. Nothing of them is lost: the files are where they were.',
    };
  return {
    headline: [{ text: 'Nothing needs you.' }],
    below:
      work?.scanning === true || standing.waiting > 0
        ? 'Every track so far was archived or is on its way.'
        : 'Whatever cannot be archived would stand here, with the reason and what to do.',
  };
};

/** What is left out, by who left it out. */
export const LEFT_OUT_HEADINGS = {
  ignored: 'Left out because you said so',
  skipped: 'Left out, here to be known',
} as const;

export const ignoreWords = (count: number): string => (count === 1 ? 'Ignore it' : 'Ignore these');

export const takeBackWords = (count: number): string => (count === 1 ? 'Take it back' : 'Take these back');

export const retryWords = (count: number): string => (count === 1 ? 'Retry it' : 'Retry these');

/** What is not among the examples; undefined: nothing. */
export const moreWords = (count: number, shown: number, formats: Formats): string | undefined =>
  count > shown && shown > 0 ? `and ${formats.count(count - shown)} more` : undefined;
