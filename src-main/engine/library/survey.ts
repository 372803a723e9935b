import { type KnownTrack, type SeenEntry, compare } from './compare.ts';
import { toDiskStat } from './disk-stat.ts';
import type { Difference, ScanResult } from './differences.ts';
import type { Known } from './known.ts';
import type { Exclusions } from './exclusions.ts';
import { fromKey } from './paths.ts';
import { UNREACHABLE_REASONS, type UnreachableReason } from './reasons.ts';
import { lookAtRoot } from './root.ts';
import { type Met, RootUnreadableError, type WalkCounts, walk } from './walk.ts';

/** Where the survey puts what it finds. */
export interface Sink {
  readonly add: (difference: Difference<string>) => Promise<void> | undefined;
  readonly folderDone: () => Promise<void> | undefined;
}

interface Candidate {
  readonly trackId: number;
  readonly folderId: number;
  /** One character for each byte. */
  readonly name: string;
}

export interface SurveyTotals {
  folders: number;
  files: number;
  bytes: number;
}

const NONE: Map<string, KnownTrack> = new Map();

type Survey = Pick<ScanResult, 'outcome' | 'reason' | 'root' | 'others' | 'leftOut' | 'excluded'>;

/**
 * Walks the library and tells the sink in what it differs from what the ledger knows. Nothing is called gone before
 * the whole library was seen and its root is found to be the same still.
 */
export const survey = async (
  root: Uint8Array,
  known: Known,
  totals: SurveyTotals,
  sink: Sink,
  exclusions?: Exclusions,
): Promise<Survey> => {
  const counts: WalkCounts = { leftOut: 0, excluded: 0, others: new Map() };
  const ended = (end: Pick<Survey, 'outcome' | 'reason' | 'root'>): Survey => ({
    ...end,
    others: commonest(counts.others),
    leftOut: counts.leftOut,
    excluded: counts.excluded,
  });
  const unreachable = (reason: UnreachableReason): Survey => ended({ outcome: 'unreachable', reason });

  const before = await lookAtRoot(root);
  if ('reason' in before) return unreachable(before.reason);

  const unvisited = new Map(known.folders);
  const unsure = new Set<string>();
  const excludedFolders = new Set<string>();
  const candidates: Candidate[] = [];
  const stillThere = new Set<number>();
  const familiar = foldersAtTop(known.folders.keys());
  /** Music, or a folder that led to music before: this is the library, and not the bare place of its disk. */
  let isRecognised = false;

  const exclude = async ([id, , , , , , state, reason]: KnownTrack): Promise<void> => {
    if (state !== 'missing' && reason !== 'excluded')
      await sink.add({ kind: 'excluded', trackId: Number(id) });
  };

  /** A disk that was taken away, or a share that died, in mid-walk: then nothing is wrong with what lies on it. */
  const checkRoot = async (): Promise<void> => {
    const now = await lookAtRoot(root);
    if ('reason' in now) throw new RootLostError(now.reason);
    if (now.identity !== before.identity) throw new RootLostError('root_changed');
  };

  const visit = async ({ folder, entries, excluded }: Met & { readonly kind: 'folder' }): Promise<void> => {
    const folderId = unvisited.get(folder);
    unvisited.delete(folder);
    const rows = folderId === undefined ? NONE : known.tracksIn(folderId);
    if (entries.some(({ trouble }) => trouble?.reason === 'read_error')) await checkRoot();
    for (const entry of entries) {
      totals.files += 1;
      totals.bytes += Number(entry.stats.size);
      const row = rows.get(entry.key);
      if (row !== undefined || entry.trouble === undefined) isRecognised = true;
      const difference = differenceOf(folder, entry, row);
      rows.delete(entry.key);
      if (difference !== undefined) await sink.add(difference);
    }
    if (folderId === undefined) return;
    for (const name of excluded) {
      const row = rows.get(name);
      if (row === undefined) continue;
      isRecognised = true;
      rows.delete(name);
      await exclude(row);
    }
    for (const [name, [id, , , , , , state]] of rows) {
      if (state !== 'missing') candidates.push({ trackId: Number(id), folderId, name });
    }
  };

  const meet = async (met: Met): Promise<void> => {
    switch (met.kind) {
      case 'folder':
        totals.folders += 1;
        if (familiar.has(met.folder)) isRecognised = true;
        return visit(met);
      case 'excluded':
        excludedFolders.add(met.folder);
        if (familiar.has(met.folder)) isRecognised = true;
        return;
      case 'vanished':
        unsure.add(met.folder);
        return;
      case 'unreadable': {
        await checkRoot();
        unsure.add(met.folder);
        if (familiar.has(met.folder)) isRecognised = true;
        const parentId = known.folders.get(met.parent);
        const row = parentId === undefined ? undefined : known.track(parentId, fromKey(met.entry.key));
        if (row !== undefined) {
          stillThere.add(Number(row[0]));
          isRecognised = true;
        }
        const difference = differenceOf(met.parent, withoutSize(met.entry), row);
        if (difference !== undefined) await sink.add(difference);
        totals.files += 1;
      }
    }
  };

  const tellGone = async (): Promise<void> => {
    for (const { trackId, folderId, name } of candidates) {
      // The owner may have moved the track to its new place while we walked.
      if (stillThere.has(trackId) || !known.isStillAt(trackId, folderId, fromKey(name))) continue;
      await sink.add({ kind: 'gone', trackId });
    }
    for (const [folder, folderId] of unvisited) {
      if (isBelow(folder, unsure)) continue;
      const isExcluded = isBelow(folder, excludedFolders);
      for (const track of known.tracksIn(folderId).values()) {
        const [id, , , , , , state] = track;
        if (isExcluded) await exclude(track);
        else if (state !== 'missing') await sink.add({ kind: 'gone', trackId: Number(id) });
      }
    }
  };

  try {
    for (const met of walk(root, counts, exclusions)) {
      await meet(met);
      await sink.folderDone();
    }
  } catch (error) {
    if (error instanceof RootLostError) return unreachable(error.reason);
    if (!(error instanceof RootUnreadableError)) throw error;
    return unreachable(error.code === 'ENOENT' ? 'root_missing' : 'root_unreadable');
  }
  if (!isRecognised && known.hasTracks()) return unreachable('root_empty');
  const after = await lookAtRoot(root);
  if ('reason' in after) return unreachable(after.reason);
  if (after.identity !== before.identity) return unreachable('root_changed');
  await tellGone();
  return ended({ outcome: 'complete', root: after.identity });
};

/** The library went away while it was walked. */
class RootLostError extends Error {
  readonly reason: UnreachableReason;
  constructor(reason: UnreachableReason) {
    super(UNREACHABLE_REASONS[reason]);
    this.reason = reason;
  }
}

/** Of folders anywhere below the root: those directly in it through which they are reached. */
const foldersAtTop = (folders: Iterable<string>): ReadonlySet<string> => {
  const tops = new Set<string>();
  for (const folder of folders) if (folder !== '') tops.add(folder.split('/', 1)[0] ?? folder);
  return tops;
};

/** What a folder takes on the disk is no music. */
const withoutSize = (entry: SeenEntry): SeenEntry => {
  const { mtimeNs, ctimeNs, ino } = entry.stats;
  return { ...entry, stats: { size: 0n, mtimeNs, ctimeNs, ino } };
};

const differenceOf = (
  folder: string,
  entry: SeenEntry,
  row: KnownTrack | undefined,
): Difference<string> | undefined => {
  const troubled = entry.trouble === undefined ? {} : { trouble: entry.trouble };
  if (row === undefined) {
    return { kind: 'new', folder, name: entry.key, stat: toDiskStat(entry.stats), ...troubled };
  }
  const verdict = compare(row, entry);
  if (verdict === 'same') return undefined;
  const trackId = Number(row[0]);
  const stat = toDiskStat(entry.stats);
  switch (verdict) {
    case 'changed':
      return { kind: 'changed', trackId, stat, ...troubled };
    case 'touched':
      return { kind: 'touched', trackId, stat };
    case 'back':
      return { kind: 'back', trackId, stat, unchanged: false };
    case 'back-unchanged':
      return { kind: 'back', trackId, stat, unchanged: true };
  }
};

const isBelow = (folder: string, unsure: ReadonlySet<string>): boolean => {
  for (let end = folder.length; end > 0; end = folder.lastIndexOf('/', end - 1)) {
    if (unsure.has(folder.slice(0, end))) return true;
  }
  return false;
};

const COMMONEST = 50;

const commonest = (others: ReadonlyMap<string, number>): Record<string, number> => {
  const sorted = [...others].sort(([, a], [, b]) => b - a);
  const rest = sorted.slice(COMMONEST).reduce((sum, [, files]) => sum + files, 0);
  const top = Object.fromEntries(sorted.slice(0, COMMONEST));
  return rest === 0 ? top : { ...top, '(rest)': (top['(rest)'] ?? 0) + rest };
};
