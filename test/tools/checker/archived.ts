import type { EntrySnapshot } from '../../kit/library-snapshot.ts';
import type { ArchivedBlob, ArchivedSong, ArchiveView } from './archive.ts';
import type { LedgerTrack, LedgerView } from './ledger.ts';
import { nameOf } from './library.ts';
import { breach, type Breach } from './verdict.ts';

export interface Standing {
  readonly archived: number;
  readonly listed: number;
  readonly waiting: number;
  readonly breaches: readonly Breach[];
}

/** What the archive has of one owner, to be looked up. */
interface Kept {
  readonly songs: ReadonlyMap<number, ArchivedSong>;
  readonly blobs: ReadonlyMap<number, ArchivedBlob>;
  readonly objects: ReadonlyMap<string, string>;
  readonly ownerId: number;
}

type Outcome =
  | { readonly kind: 'archived' | 'listed' | 'waiting' }
  | { readonly kind: 'breach'; readonly message: string };

const wrong = (message: string): Outcome => ({ kind: 'breach', message });

/**
 * Whether each file is archived, or listed with a reason. What the ledger calls archived must be so at any moment;
 * only where the work may be unfinished, files may also still wait.
 */
export const standingOf = (
  files: readonly EntrySnapshot[],
  ledger: LedgerView,
  archive: ArchiveView,
  unfinished: boolean,
): Standing => {
  const kept: Kept = {
    ownerId: ledger.ownerId,
    songs: new Map(archive.songs.map((song) => [song.id, song])),
    blobs: new Map(archive.blobs.map((blob) => [blob.id, blob])),
    objects: archive.objects,
  };
  const tracks = new Map(ledger.tracks.map((track) => [track.path.toString('hex'), track]));
  const counts = { archived: 0, listed: 0, waiting: 0 };
  const breaches: Breach[] = [];
  const onDisk = new Set<string>();
  for (const file of files) {
    const key = file.path.toString('hex');
    onDisk.add(key);
    const outcome = outcomeOf(file, tracks.get(key), kept);
    const told = outcome.kind === 'waiting' && !unfinished ? wrong('is still waiting') : outcome;
    if (told.kind === 'breach') breaches.push(breach('archived', `${nameOf(file.path)} ${told.message}`));
    else counts[told.kind] += 1;
  }
  for (const track of ledger.tracks) {
    if (track.state === 'found' && !onDisk.has(track.path.toString('hex')) && !unfinished)
      breaches.push(
        breach('archived', `${nameOf(track.path)} is in the ledger as found and not in the library`),
      );
  }
  return { ...counts, breaches: [...breaches, ...wrongCounts(ledger)] };
};

const outcomeOf = (file: EntrySnapshot, track: LedgerTrack | undefined, kept: Kept): Outcome => {
  if (track === undefined) return { kind: 'waiting' };
  switch (track.state) {
    case 'skipped':
    case 'failed':
      return track.reason === null || track.reason === ''
        ? wrong(`is ${track.state} without a reason`)
        : { kind: 'listed' };
    case 'missing':
      return wrong('is there, and missing in the ledger');
    case 'found':
      return outcomeOfFound(file, track, kept);
  }
};

const outcomeOfFound = (file: EntrySnapshot, track: LedgerTrack, kept: Kept): Outcome => {
  if (track.sha256 === null || track.holding === null) return { kind: 'waiting' };
  switch (track.holding.state) {
    case 'open':
      return { kind: 'waiting' };
    case 'failed':
      return track.holding.failureCode === null ? wrong('failed without a reason') : { kind: 'listed' };
    case 'archived':
      return outcomeOfArchived(file, track, track.holding.songId, kept);
  }
};

/** Three times the same digest: of the file now, in the song's row, and of the bytes in the storage now. */
const outcomeOfArchived = (
  file: EntrySnapshot,
  track: LedgerTrack,
  songId: number | null,
  { songs, blobs, objects, ownerId }: Kept,
): Outcome => {
  if (track.sha256 !== file.content)
    return wrong(`is archived with other bytes: ${track.sha256} instead of ${file.content}`);
  if (BigInt(track.byteSize) !== file.size) return wrong(`has another size than the ledger says`);
  const song = songId === null ? undefined : songs.get(songId);
  if (song === undefined)
    return wrong(`is archived by the ledger as song ${songId}, which the archive does not have`);
  if (song.ownerId !== ownerId) return wrong(`is archived as song ${song.id}, which is somebody else's`);
  if (song.sha256 !== file.content) return wrong(`is archived as song ${song.id}, which has other bytes`);
  const blob = blobs.get(song.blobId);
  const stored = blob === undefined ? undefined : objects.get(blob.key);
  if (stored === undefined) return wrong(`is archived as song ${song.id}, whose object is not there`);
  if (stored !== file.content)
    return wrong(`is archived as song ${song.id}, whose object has other bytes: ${stored}`);
  return { kind: 'archived' };
};

/** What the ledger keeps as counts, against what its rows say when they are counted. */
const wrongCounts = ({ tracks, tallies }: LedgerView): readonly Breach[] => {
  const counted = new Map<string, { tracks: number; bytes: number }>();
  for (const track of tracks) {
    const outcome = tallyOutcome(track);
    if (outcome === undefined) continue;
    const sum = counted.get(outcome) ?? { tracks: 0, bytes: 0 };
    counted.set(outcome, { tracks: sum.tracks + 1, bytes: sum.bytes + track.byteSize });
  }
  const kept = new Map(tallies.map((tally) => [tally.outcome, tally]));
  return [...new Set([...counted.keys(), ...kept.keys()])].flatMap((outcome) => {
    const is = counted.get(outcome) ?? { tracks: 0, bytes: 0 };
    const says = kept.get(outcome) ?? { tracks: 0, bytes: 0 };
    if (is.tracks === says.tracks && is.bytes === says.bytes) return [];
    return [
      breach(
        'archived',
        `the ledger counts ${says.tracks} tracks (${says.bytes} bytes) as ${outcome}, and has ${is.tracks} (${is.bytes})`,
      ),
    ];
  });
};

const tallyOutcome = ({ state, holding }: LedgerTrack): string | undefined => {
  if (state === 'missing') return undefined;
  if (state !== 'found') return state;
  return holding === null || holding.state === 'open' ? 'waiting' : holding.state;
};
