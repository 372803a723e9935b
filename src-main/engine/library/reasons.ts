/** Why a track is left out or could not be read. The codes stand in the ledger, so they never change their meaning. */

/** skipped: for good, unless the file changes. failed: tried again. */
export type ReasonState = 'skipped' | 'failed';

interface Reason {
  readonly state: ReasonState;
  /** For the person whose file it is: what happened and what to do. */
  readonly sentence: string;
}

export const REASONS = {
  empty: {
    state: 'skipped',
    sentence: 'The file is empty. If it should hold music, copy it here again from where it came.',
  },
  link: {
    state: 'skipped',
    sentence:
      'This is a link and links are not followed. If it leads to music outside of this library, add the folder there as a library of its own.',
  },
  special: {
    state: 'skipped',
    sentence: 'This is not an ordinary file but a device, pipe or socket, so there is nothing to archive.',
  },
  name_unusable: {
    state: 'skipped',
    sentence: 'The name holds characters that this system cannot express. Rename the file and it is taken.',
  },
  not_audio: {
    state: 'skipped',
    sentence:
      'The name says audio but the bytes are none that we know. Play it once: the file may be damaged.',
  },
  wrong_format: {
    state: 'skipped',
    sentence: 'The bytes are of another audio format than the name says. Give it the right extension.',
  },
  too_large: {
    state: 'skipped',
    sentence: 'The file is larger than the archive takes. Ask whoever runs the archive to raise its limit.',
  },
  ignored: {
    state: 'skipped',
    sentence: 'You left this out after it had failed. Try it again and it comes back.',
  },
  excluded: {
    state: 'skipped',
    sentence: 'A line in your settings leaves this out. Take the line away and it comes back.',
  },
  no_permission: {
    state: 'failed',
    sentence: 'We may not read this file. Allow your account to read it; it is tried again by itself.',
  },
  folder_unreadable: {
    state: 'failed',
    sentence: 'We cannot look into this folder. Allow your account to open it; it is tried again by itself.',
  },
  vanished: {
    state: 'failed',
    sentence: 'The file was gone when we came to read it. If it was moved, it is found at its new place.',
  },
  changing: {
    state: 'failed',
    sentence: 'The file changed while we read it. It is read again when it has come to rest.',
  },
  read_error: {
    state: 'failed',
    sentence: 'The disk could not read this file. Check the disk and its cable; it is tried again by itself.',
  },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const isReasonCode = (value: unknown): value is ReasonCode =>
  typeof value === 'string' && Object.hasOwn(REASONS, value);

/** Reasons that the scan itself finds, by looking at the entry only. The others come from reading the file. */
const FOUND_BY_SCAN: ReadonlySet<string> = new Set<ReasonCode>([
  'empty',
  'link',
  'special',
  'name_unusable',
  'folder_unreadable',
]);

export const isFoundByScan = (reason: string): boolean => FOUND_BY_SCAN.has(reason);

/** Why a library cannot be scanned now. Nothing follows for its tracks. */
export const UNREACHABLE_REASONS = {
  root_missing: 'The music folder is not there. If it is on a disk or a share, connect it again.',
  root_not_folder: 'Where the music folder was there is something else now. Choose the folder again.',
  root_unreadable:
    'We cannot look into the music folder. If it is on a disk or a share, connect it again; else allow your account to open it.',
  root_empty:
    'The music folder holds no music and none of the folders that it had before. If it is on a disk or a share, connect it again; if you took everything out, let us forget this folder.',
  root_changed: 'The music folder was disconnected or replaced in the middle of the work.',
} as const;

export type UnreachableReason = keyof typeof UNREACHABLE_REASONS;
