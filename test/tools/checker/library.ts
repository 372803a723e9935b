import type { EntrySnapshot, LibrarySnapshot } from '../../kit/library-snapshot.ts';

/** Our own list, on purpose: the checker shares none of the tables of the program that it checks. */
const AUDIO_NAME =
  /\.(mp3|mp2|flac|m4a|m4b|aac|alac|ogg|oga|opus|wav|aiff|aif|aifc|wma|ape|wv|dsf|dff|mpc)$/i;
const NOT_MUSIC = /(^|\/)(\.trash(-[^/]*)?|\.trashes|@eadir|\$recycle\.bin|lost\+found|\.git)\//i;
const APPLE_DOUBLE = /(^|\/)\._[^/]*$/;

/** Whether a file must be in the archive, or the ledger must say why it is not. */
export const isEligible = ({ path, kind, size }: EntrySnapshot): boolean => {
  const name = path.toString('latin1');
  return (
    kind === 'file' && size > 0n && AUDIO_NAME.test(name) && !NOT_MUSIC.test(name) && !APPLE_DOUBLE.test(name)
  );
};

export const eligibleFiles = (library: LibrarySnapshot): readonly EntrySnapshot[] =>
  [...library.values()].filter(isEligible);

/** For a person to read; odd bytes are shown as they are. */
export const nameOf = (path: Buffer): string => JSON.stringify(path.toString('utf8'));
