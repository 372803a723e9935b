/**
 * Folders that belong to a system or a tool and never to a person's music: trash, indexes, thumbnails, snapshots,
 * version control. What is in them is not the library (a snapshot would show every track again). Every other folder
 * is walked, also with a leading dot: ".38 Special" is a band.
 */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set([
  // desktop and disk
  '.trash',
  '.trashes',
  '$recycle.bin',
  'recycler',
  'system volume information',
  'lost+found',
  '.spotlight-v100',
  '.fseventsd',
  '.documentrevisions-v100',
  '.temporaryitems',
  '.appledouble',
  // network storage: thumbnails, recycle bins, snapshots
  '@eadir',
  '#recycle',
  '@recycle',
  '#snapshot',
  '@recently-snapshot',
  '.@__thumb',
  '.snapshot',
  '.snapshots',
  '.zfs',
  // version control and sync tools
  '.git',
  '.svn',
  '.hg',
  '.stversions',
  '.stfolder',
  '.sync',
  '.dropbox.cache',
]);

/** `name` has one character for each byte. */
export const isSystemFolder = (name: string): boolean => {
  const lower = name.toLowerCase();
  return SYSTEM_FOLDERS.has(lower) || lower.startsWith('.trash-');
};

/** What macOS writes beside each file on disks that cannot keep its attributes; never audio itself. */
export const isAppleDouble = (name: string): boolean => name.startsWith('._');
