import type { Notification as ElectronNotification } from 'electron';
import type { PageState } from '../../shared/bridge/state.ts';
import type { Formats } from '../../shared/formats.ts';

export interface Told {
  readonly title: string;
  readonly body: string;
}

/** What was told before, so that nothing is told twice. */
export interface NewsMemory {
  /** Something waited since it was last finished. */
  readonly underWay: boolean;
  /** When finishing was last told, and how much was archived then. */
  readonly finished: { readonly at: number; readonly archived: number } | undefined;
  readonly signedOut: boolean;
  /** What ended the work, where that was told. */
  readonly stoppedBy: string | undefined;
  /** How much was archived when the archive was called full. */
  readonly fullAt: number | undefined;
}

export const NO_NEWS: NewsMemory = {
  underWay: false,
  finished: undefined,
  signedOut: false,
  stoppedBy: undefined,
  fullAt: undefined,
};

const HOUR_MS = 3_600_000;
/** Who records an evening long, or copies file by file, is not told of each. */
const WORTH_TELLING = 10;

/** What a person who is elsewhere should know of how things stand now. */
export const newsOf = (
  memory: NewsMemory,
  state: PageState,
  now: number,
  formats: Formats,
): { readonly memory: NewsMemory; readonly news: readonly Told[] } => {
  const steps = [finishing, signingOut, fillingUp, stopping];
  let current = memory;
  const news: Told[] = [];
  for (const step of steps) {
    const { told, ...next } = step(current, state, now, formats);
    current = { ...current, ...next };
    if (told !== undefined) news.push(told);
  }
  return { memory: current, news };
};

type Step = (
  memory: NewsMemory,
  state: PageState,
  now: number,
  formats: Formats,
) => Partial<NewsMemory> & { readonly told?: Told };

const finishing: Step = ({ underWay, finished }, state, now, formats) => {
  const { archived, failed, waiting: left } = state.standing;
  if (left > 0) return { underWay: true };
  if (!underWay || !isAllSeen(state)) return {};
  // What waited is gone from the disk, or is no music.
  if (archived + failed === 0) return { underWay: false };
  const isNews =
    finished === undefined || (now - finished.at >= HOUR_MS && archived - finished.archived >= WORTH_TELLING);
  if (!isNews) return { underWay: false };
  return {
    underWay: false,
    finished: { at: now, archived },
    told:
      failed === 0
        ? { title: 'All archived', body: `${tracks(archived, formats)} in the archive.` }
        : {
            title: failed === 1 ? 'Done, but for one track' : `Done, but for ${formats.count(failed)} tracks`,
            body: `${tracks(archived, formats)} in the archive; ${formats.count(failed)} ${failed === 1 ? 'needs' : 'need'} attention.`,
          },
  };
};

/** Between two runs, and while a folder is out of reach, that nothing waits says nothing of what is there. */
const isAllSeen = ({ work, trouble, libraries }: PageState): boolean =>
  work !== null &&
  work.looked &&
  work.gate.reason !== 'stopping' &&
  trouble === null &&
  libraries.every((library) => library.trouble === null);

const signingOut: Step = ({ signedOut }, { trouble, work, standing }, _now, formats) => {
  const is = trouble?.code === 'signed_out' || work?.gate.reason === 'signed_out';
  if (!is) return work?.gate.state === 'open' ? { signedOut: false } : {};
  if (signedOut) return {};
  return {
    signedOut: true,
    told: {
      title: 'Please sign in again',
      body: `Nothing is archived until then${waiting(standing, formats)}.`,
    },
  };
};

const fillingUp: Step = ({ fullAt }, { trouble, work, standing }, _now, formats) => {
  const { archived } = standing;
  const is = trouble?.code === 'archive_full' || work?.gate.reason === 'archive_full';
  // The gate opens for every try; only what finds room is news.
  if (!is) return fullAt !== undefined && archived > fullAt ? { fullAt: undefined } : {};
  if (fullAt !== undefined && archived <= fullAt) return {};
  return {
    fullAt: archived,
    told: {
      title: 'The archive is full',
      body: `It needs room before anything more can be archived${waiting(standing, formats)}.`,
    },
  };
};

/** Whatever else ended the work until somebody does something about it. */
const stopping: Step = ({ stoppedBy }, { trouble, work }) => {
  if (trouble === null) return work?.gate.state === 'open' ? { stoppedBy: undefined } : {};
  const { code, message } = trouble;
  if (code === stoppedBy || code === 'signed_out' || code === 'archive_full') return {};
  return { stoppedBy: code, told: { title: 'Ledgerline has stopped', body: message } };
};

const tracks = (count: number, formats: Formats): string =>
  `${formats.count(count)} ${count === 1 ? 'track is' : 'tracks are'}`;

const waiting = ({ waiting: count }: PageState['standing'], formats: Formats): string =>
  count === 0 ? '' : `; ${formats.count(count)} ${count === 1 ? 'track is' : 'tracks are'} waiting`;

/** Shows what is told, where the system can and a person wants it. */
export interface Notifier {
  readonly tell: (told: Told) => void;
}

export const createNotifier = (deps: {
  readonly Notification: {
    new (options: Told): Pick<ElectronNotification, 'show' | 'on'>;
    isSupported(): boolean;
  };
  readonly isWanted: () => boolean;
  readonly onClick: () => void;
}): Notifier => {
  /** What nobody holds is collected, and its click is heard by nobody. */
  const shown = new Set<unknown>();
  return {
    tell: (told) => {
      if (!deps.isWanted() || !deps.Notification.isSupported()) return;
      const notification = new deps.Notification(told);
      shown.add(notification);
      notification.on('click', deps.onClick);
      notification.on('close', () => shown.delete(notification));
      notification.show();
    },
  };
};
