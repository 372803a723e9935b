import type { Formats } from '../../shared/formats.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { type Sentence, tracks } from './sentence.ts';

/** How the view of what needs attention opens; good news where nothing does. */
export const attentionSentence = (
  { standing, work, trouble, libraries }: PageState,
  formats: Formats,
): Pick<Sentence, 'headline' | 'below'> => {
  const { failed } = standing;
  if (failed > 0)
    return {
      headline: [
        { text: formats.count(failed), lamp: true },
        { text: failed === 1 ? ' track needs attention.' : ' tracks need attention.' },
      ],
      below: 'Each cause says what happened and what can be done. Your files were only read, never changed.',
    };
  const away = libraries.find((library) => library.trouble !== null)?.trouble;
  const matter = trouble?.message ?? away;
  if (matter !== undefined && matter !== null)
    return { headline: [{ text: 'No single track needs attention.' }], below: matter };
  return {
    headline: [{ text: 'Nothing needs you.' }],
    below:
      work?.looked !== true || standing.waiting > 0
        ? 'Nothing has failed so far.'
        : 'Whatever cannot be archived would stand here, with the reason and what to do.',
  };
};

/** How many there are of one cause; what is below a folder that cannot be looked into nobody knows. */
export const groupWords = (code: string, count: number, formats: Formats): string =>
  code === 'folder_unreadable'
    ? `${formats.count(count)} ${count === 1 ? 'folder' : 'folders'}`
    : tracks(count, formats);

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
