import type { Formats } from '../../shared/formats.ts';
import type { PageWork } from '../../shared/bridge/state.ts';

type Gate = PageWork['gate'];

/** Why nothing is sent at the moment, and until when, as sentences; undefined while files may go. */
export const gateWords = (
  { gate, inFlight }: Pick<PageWork, 'gate' | 'inFlight'>,
  formats: Formats,
  now: number,
): string | undefined => {
  const why = reasonWords(gate, formats, now);
  const isFinishing = gate.state === 'draining' && gate.reason !== 'stopping' && inFlight.length > 0;
  if (why === undefined || !isFinishing) return why;
  return `${why} What is under way may finish first.`;
};

const reasonWords = (gate: Gate, formats: Formats, now: number): string | undefined => {
  const { reason, message, nextChange } = gate;
  switch (reason) {
    case undefined:
      return gate.state === 'open' ? undefined : sentenceOf(message ?? 'Waiting for a moment');
    case 'paused':
      return nextChange === undefined
        ? 'Paused until you resume.'
        : `Paused. It continues ${formats.when(nextChange, now)}.`;
    case 'night':
      return nextChange === undefined
        ? 'Waiting for the night.'
        : `Waiting for the night. It continues ${formats.when(nextChange, now)}.`;
    case 'battery':
      return 'The computer runs on its battery. It continues when it is plugged in.';
    case 'offline':
      return `${sentenceOf(message ?? 'The archive does not answer. It continues by itself')}${nextTry(nextChange, formats, now)}`;
    case 'archive_busy':
      return `The archive is busy. It continues by itself.${nextTry(nextChange, formats, now)}`;
    case 'archive_full':
      return `${sentenceOf(message ?? 'The archive is full')} It continues by itself as soon as there is room.`;
    case 'signed_out':
      return sentenceOf(message ?? 'The archive does not know us any more. Sign in again to go on');
    case 'library_gone':
      return sentenceOf(message ?? 'The music folder cannot be reached. Connect its disk to go on');
    case 'stopping':
      return 'What is under way is being finished.';
  }
};

const sentenceOf = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Seconds that tick by would draw the eye: in steps of ten. */
const nextTry = (at: number | undefined, formats: Formats, now: number): string => {
  if (at === undefined || at - now <= 0) return '';
  const seconds = Math.ceil((at - now) / 1000);
  if (seconds <= 10) return ' It is asked again in a few seconds.';
  return ` It is asked again in ${formats.duration(seconds < 60 ? Math.ceil(seconds / 10) * 10 : Math.ceil(seconds / 60) * 60)}.`;
};
