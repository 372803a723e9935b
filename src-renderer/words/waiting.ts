import type { Formats } from '../../shared/formats.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { tracks } from './sentence.ts';

/** One line of what is not archived, and why. */
export interface Waiting {
  readonly key: string;
  readonly tone: 'lamp' | 'trouble' | 'quiet';
  readonly text: string;
  /** Where more stands about it. */
  readonly view?: 'attention';
}

/** Everything that is not archived, by its reason. */
export const waitingWords = (state: PageState, formats: Formats): readonly Waiting[] => {
  const { waiting, failed, skipped } = state.standing;
  const turn: readonly Waiting[] =
    waiting === 0
      ? []
      : [{ key: 'turn', tone: 'lamp', text: `${tracks(waiting, formats)} ${forWhat(state)}` }];
  const attention: readonly Waiting[] =
    failed === 0
      ? []
      : [
          {
            key: 'failed',
            tone: 'trouble',
            text: `${formats.count(failed)} ${failed === 1 ? 'needs' : 'need'} attention`,
            view: 'attention',
          },
        ];
  const left: readonly Waiting[] =
    skipped === 0
      ? []
      : [
          {
            key: 'skipped',
            tone: 'quiet',
            text: `${formats.files(skipped)} left out, each with its reason`,
            view: 'attention',
          },
        ];
  return [...turn, ...attention, ...left];
};

const forWhat = ({ work, trouble }: PageState): string => {
  if (trouble !== null || work === null) return 'until it goes on';
  switch (work.gate.reason) {
    case undefined:
      return work.gate.state === 'open' ? 'for their turn' : 'for the archive';
    case 'paused':
      return 'until you resume';
    case 'night':
      return 'for the night';
    case 'battery':
      return 'for the computer to be plugged in';
    case 'offline':
      return 'for the archive to answer';
    case 'archive_busy':
      return 'for the archive to have time';
    case 'archive_full':
      return 'for room in the archive';
    case 'signed_out':
      return 'for you to sign in';
    case 'library_gone':
      return 'for their folder to be there';
    case 'stopping':
      return 'for what is under way';
  }
};

/** Why nothing is on its way just now. */
export const idleWords = (state: PageState): string => {
  const { waiting } = state.standing;
  if (state.work === null) return 'Nothing: it has stopped.';
  if (waiting > 0 && state.work.gate.state === 'open') return 'The next files are being read.';
  if (waiting > 0) return `Nothing; it waits ${forWhat(state)}.`;
  if (!state.work.looked) return 'Nothing yet.';
  return state.standing.failed > 0 ? 'Nothing: all else is done.' : 'Nothing: all is done.';
};
