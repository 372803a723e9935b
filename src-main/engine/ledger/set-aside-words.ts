import type { Settings } from '../../../shared/settings.ts';
import type { SetAside } from './open.ts';
import { isAllThere, type Salvaged } from './salvage.ts';

/** What each of the settings is called where it is told that it is lost. */
const NAMES: Readonly<Record<keyof Settings, string | undefined>> = {
  exclusions: 'what you exclude',
  nightWindow: 'the hours of the night',
  lineLimit: 'the limit of the line',
  concurrency: 'how many uploads run at once',
  pauseOnBattery: 'whether it works on battery',
  pause: 'a pause',
  archive: 'the archive that you use',
  started: undefined,
};

/** That a damaged ledger was put aside, what was taken over from it and what was not, for a person. */
export const setAsideWords = ({ path, salvaged }: SetAside): string =>
  [
    `The ledger was damaged and was put aside as ${path}. A new one is made from your files and from what the archive has; what is archived stays so.`,
    isAllThere(salvaged)
      ? 'Your folders and settings, also what you exclude, were taken over.'
      : lostWords(salvaged),
    'What you ignored after it had failed is tried again, and how fast it went in the last nights is forgotten.',
  ].join(' ');

/** What a person had told the damaged ledger and has to tell again. Empty where there is no such thing. */
export const lostWords = ({ lostLibraries, lostSettings }: Salvaged): string => {
  const names = Object.entries(NAMES).flatMap(([name, told]) =>
    told !== undefined && lostSettings.some((lost) => lost === name) ? [told] : [],
  );
  return [
    ...(lostLibraries === 'all' ? ['Which folders you had chosen could not be read from it.'] : []),
    ...(lostLibraries === 'some' ? ['Perhaps not all of your folders could be read from it.'] : []),
    ...(names.length === 0
      ? []
      : [`These settings could not be read from it and are as in the beginning: ${LIST.format(names)}.`]),
  ].join(' ');
};

const LIST = new Intl.ListFormat('en', { type: 'conjunction' });
