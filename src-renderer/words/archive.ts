import type { Formats } from '../../shared/formats.ts';
import type { ArchiveStatus } from '../../shared/bridge/archive-status.ts';
import type { PageArchive, PageState } from '../../shared/bridge/state.ts';

/** How the archive stands, in one sentence. */
export const archiveSentence = (
  archive: PageArchive,
  status: ArchiveStatus | null,
  trouble: PageState['trouble'],
): string => {
  if (status === null) return archive.kind === 'here' ? 'The archive is on this computer.' : 'The archive.';
  if (!status.signedIn) return notInTouch(archive, trouble);
  // Away, or one that never tells: why stands below.
  if (status.told === null) return 'The archive does not tell how it stands.';
  const { songs, queue } = status.told;
  // Each song that could be read ends as one to be reviewed: that is no trouble.
  if (songs.unreadable > 0) return 'The archive answers, and could not make sense of some songs.';
  return queue.depth + songs.queued + songs.processing > 0
    ? 'The archive answers, and is at work on what came.'
    : 'The archive answers, and has nothing left to do.';
};

/** There is nothing left to sign out of. */
export const isSignedOut = ({ trouble, work }: Pick<PageState, 'trouble' | 'work'>): boolean =>
  trouble?.code === 'signed_out' || work?.gate.reason === 'signed_out';

/** An archive that is away, or that nobody asked yet, has not ended anybody's log-in. */
const notInTouch = ({ kind }: PageArchive, trouble: PageState['trouble']): string => {
  if (kind === 'here') return 'The archive on this computer is not open just now.';
  return trouble?.code === 'signed_out'
    ? 'You are signed out of the archive.'
    : 'We are not in touch with the archive just now.';
};

export const contactWords = ({ lastContact }: ArchiveStatus, now: number, formats: Formats): string =>
  lastContact === null
    ? 'It has not answered since Ledgerline was started.'
    : now - lastContact < 60_000
      ? 'It answered within the last minute.'
      : `It answered last ${formats.past(lastContact, now)}.`;

export const songWords = (
  { songs }: NonNullable<ArchiveStatus['told']>,
  formats: Formats,
): readonly { readonly name: string; readonly words: string }[] => [
  { name: 'Waiting to be looked at', words: formats.count(songs.queued) },
  { name: 'Being looked at', words: formats.count(songs.processing) },
  { name: 'Read, for a person to review', words: formats.count(songs.needs_review) },
  { name: 'Kept, but could not be read as music', words: formats.count(songs.unreadable) },
];

export const queueWords = ({ queue }: NonNullable<ArchiveStatus['told']>, formats: Formats): string => {
  if (queue.depth === 0) return 'Nothing waits in its queue.';
  const oldest =
    queue.oldestSeconds === null || queue.oldestSeconds < 1
      ? ''
      : `, the oldest for ${formats.duration(queue.oldestSeconds)}`;
  return `${formats.count(queue.depth)} ${queue.depth === 1 ? 'waits' : 'wait'} in its queue${oldest}.`;
};

export const storageWords = ({ storage }: NonNullable<ArchiveStatus['told']>, formats: Formats): string =>
  storage.free === null
    ? `${formats.bytes(storage.used)} used.`
    : `${formats.bytes(storage.used)} used, ${formats.bytes(storage.free)} free.`;

export const SIGN_OUT_AWAY =
  'This computer forgets your log-in at once. The archive is told where it can be reached. What is archived stays so.';

export const NOT_KEPT = 'Your log-in is kept only as long as Ledgerline runs.';
