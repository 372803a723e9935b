import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { sha256OfFile } from './hash.ts';

/** What can be seen of one entry without changing it. Folders too: a file made and removed again shows in theirs. */
export interface EntrySnapshot {
  /** Relative to the library, as the disk's own bytes, with `/`; empty for the library itself. */
  readonly path: Buffer;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: bigint;
  readonly mode: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** SHA-256 of a file in hex, target of a link in hex; the error's code where it cannot be read; else empty. */
  readonly content: string;
}

/** By the path in hex. */
export type LibrarySnapshot = ReadonlyMap<string, EntrySnapshot>;

const SLASH = Buffer.from('/');

export const snapshotLibrary = (root: string): LibrarySnapshot => {
  const entries = new Map<string, EntrySnapshot>();
  const visit = (path: Buffer): void => {
    const whole = Buffer.concat([Buffer.from(root), SLASH, path]);
    const entry = snapshotOf(whole, path);
    entries.set(path.toString('hex'), entry);
    if (entry.kind !== 'folder' || entry.content !== '') return;
    for (const name of readdirSync(whole, { encoding: 'buffer' })) {
      visit(path.length === 0 ? name : Buffer.concat([path, SLASH, name]));
    }
  };
  visit(Buffer.alloc(0));
  return entries;
};

const snapshotOf = (whole: Buffer, path: Buffer): EntrySnapshot => {
  const { size, mode, mtimeNs, ctimeNs, ino } = lstatSync(whole, { bigint: true });
  const type = mode & 0o170000n;
  const kind =
    type === 0o100000n ? 'file' : type === 0o040000n ? 'folder' : type === 0o120000n ? 'link' : 'other';
  return { path, kind, size, mode, mtimeNs, ctimeNs, ino, content: contentOf(whole, kind) };
};

const contentOf = (whole: Buffer, kind: EntrySnapshot['kind']): string => {
  try {
    switch (kind) {
      case 'file':
        return sha256OfFile(whole);
      case 'link':
        return readlinkSync(whole, 'buffer').toString('hex');
      case 'folder':
        readdirSync(whole, { encoding: 'buffer' });
        return '';
      case 'other':
        return '';
    }
  } catch (error) {
    // An entry without permission is part of the picture, and stays the same when nobody touches it.
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return 'EACCES';
    throw error;
  }
};

/** Everything that is not as it was, a sentence each; empty when nothing was touched. */
export const differences = (before: LibrarySnapshot, after: LibrarySnapshot): readonly string[] => {
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, entry]) => `${named(entry)} is gone`);
  const found = [...after].flatMap(([key, entry]) => {
    const old = before.get(key);
    return old === undefined ? [`${named(entry)} is new`] : changes(old, entry);
  });
  return [...gone, ...found];
};

const named = ({ path, kind }: EntrySnapshot): string => `${kind} ${JSON.stringify(path.toString('utf8'))}`;

const COMPARED = ['kind', 'size', 'mode', 'mtimeNs', 'ctimeNs', 'ino', 'content'] as const;

const changes = (old: EntrySnapshot, now: EntrySnapshot): readonly string[] =>
  COMPARED.filter((field) => old[field] !== now[field]).map(
    (field) => `${named(now)}: ${field} was ${old[field]} and is ${now[field]}`,
  );
