import { shareDone, wanted } from '../../../shared/bridge/standing.ts';
import type { PageState, PageWork } from '../../../shared/bridge/state.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { TrayPicture, TrayShape } from './icon.ts';

/** How things stand, for icon, tooltip, menu and task bar. undefined: the engine has not told yet, or is away. */
export interface TrayStanding extends TrayPicture {
  /** `12,345 of 65,000 · 3.2 MB/s · done about 05:40` */
  readonly line: string;
  /** What the menu offers; undefined where nothing is being archived. */
  readonly offers: 'pause' | 'resume' | undefined;
}

export const trayStanding = (state: PageState | undefined, now: number, formats: Formats): TrayStanding => {
  if (state === undefined)
    return { shape: 'idle', share: 0, line: 'Ledgerline is starting', offers: undefined };
  const shape = shapeOf(state);
  const all = wanted(state.standing);
  const count = all === 0 ? [] : [`${formats.count(state.standing.archived)} of ${formats.count(all)}`];
  return {
    shape,
    share: shareDone(state.standing),
    line: capital([...count, ...wordsOf(state, shape, now, formats)].join(' · ')),
    offers: state.work === null ? undefined : state.settings.pause === null ? 'pause' : 'resume',
  };
};

const shapeOf = (state: PageState): TrayShape => {
  const { standing, work, trouble, libraries } = state;
  if (trouble !== null) return 'attention';
  if (work === null) return 'idle';
  if (libraries.some((library) => library.trouble !== null)) return 'attention';
  const { gate } = work;
  if (gate.reason === 'paused') return 'paused';
  if (standing.waiting > 0 || !work.looked) return shapeOfGate(gate);
  if (standing.failed > 0) return 'attention';
  return standing.archived > 0 ? 'done' : 'idle';
};

const shapeOfGate = ({ reason }: PageWork['gate']): TrayShape => {
  switch (reason) {
    case undefined:
    case 'stopping':
      return 'working';
    case 'paused':
    case 'battery':
      return 'paused';
    case 'night':
      return 'night';
    case 'offline':
    case 'archive_busy':
      return 'offline';
    case 'archive_full':
    case 'signed_out':
    case 'library_gone':
      return 'attention';
  }
};

const wordsOf = (state: PageState, shape: TrayShape, now: number, formats: Formats): readonly string[] => {
  const { standing, work } = state;
  switch (shape) {
    case 'idle':
      return [work === null ? 'nothing is being archived' : 'no music found yet'];
    case 'working':
      return workingWords(work, now, formats);
    case 'paused':
      return [pausedWords(work, now, formats)];
    case 'night':
      return [`waiting for the night${until(work, now, formats)}`];
    case 'offline':
      return [work?.gate.reason === 'archive_busy' ? 'the archive is busy' : 'the archive cannot be reached'];
    case 'attention':
      return [attentionWords(state, formats)];
    case 'done':
      return [standing.archived === 1 ? 'archived' : 'all archived'];
  }
};

const workingWords = (work: PageWork | null, now: number, formats: Formats): readonly string[] => {
  const { scanning = false, bytesPerSecond = 0, endsAt } = work ?? {};
  const rate = bytesPerSecond === 0 ? [] : [formats.rate(bytesPerSecond)];
  // While more is being found nobody can say when all is done.
  if (scanning) return [...rate, 'looking through your music'];
  if (work?.gate.reason === 'stopping') return [...rate, 'finishing what is under way'];
  if (endsAt !== undefined) return [...rate, `done ${formats.when(endsAt, now)}`];
  return rate.length > 0 ? rate : ['getting in touch with the archive'];
};

const pausedWords = (work: PageWork | null, now: number, formats: Formats): string =>
  work?.gate.reason === 'battery' ? 'waiting for the power cable' : `paused${until(work, now, formats)}`;

const until = (work: PageWork | null, now: number, formats: Formats): string => {
  const at = work?.gate.nextChange;
  return at === undefined ? '' : `, continues ${formats.when(at, now)}`;
};

const attentionWords = (state: PageState, formats: Formats): string => {
  const { trouble, work, standing, libraries } = state;
  if (trouble?.code === 'signed_out' || work?.gate.reason === 'signed_out') return 'please sign in again';
  if (work?.gate.reason === 'archive_full') return 'the archive is full';
  if (trouble === null && libraries.some((library) => library.trouble !== null))
    return 'a music folder cannot be reached';
  if (trouble === null && standing.failed > 0)
    return `${formats.count(standing.failed)} ${standing.failed === 1 ? 'needs' : 'need'} attention`;
  return 'it has stopped and needs you';
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Of the task bar's button and the dock's icon; as Electron's `setProgressBar` has it, -1: none. */
export interface BarProgress {
  readonly value: number;
  readonly mode: 'none' | 'normal' | 'paused' | 'error';
}

export const barProgress = ({ shape, share }: TrayPicture): BarProgress => {
  switch (shape) {
    case 'idle':
    case 'done':
      return { value: -1, mode: 'none' };
    case 'working':
      return { value: share, mode: 'normal' };
    case 'paused':
    case 'night':
    case 'offline':
      return { value: share, mode: 'paused' };
    case 'attention':
      return { value: share, mode: 'error' };
  }
};
