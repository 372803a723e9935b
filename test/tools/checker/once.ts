import type { ArchivedBlob, ArchiveView } from './archive.ts';
import { breach, type Breach } from './verdict.ts';

const told = (message: string): Breach => breach('once', message);

/** Values that occur more than once. */
const repeated = <T>(values: readonly T[]): readonly T[] => {
  const seen = new Set<T>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
};

/**
 * No song twice, each with exactly one object that is its own. After the clean-up there is also nothing that no song
 * needs: no object, no blob, nothing half written.
 */
export const extrasIn = (archive: ArchiveView, cleaned: boolean): readonly Breach[] => {
  const { songs, blobs } = archive;
  const blobById = new Map(blobs.map((blob) => [blob.id, blob]));
  const songBlobs = new Set(songs.map((song) => song.blobId));
  return [
    ...repeated(songs.map(({ ownerId, sha256 }) => `${sha256} of owner ${ownerId}`)).map((twice) =>
      told(`there are two songs for ${twice}`),
    ),
    ...repeated(songs.map((song) => song.blobId)).map((id) => told(`two songs share the blob ${id}`)),
    ...repeated(blobs.map((blob) => blob.key)).map((key) => told(`two blobs share the object ${key}`)),
    ...songs.flatMap((song) => {
      const blob = blobById.get(song.blobId);
      if (blob === undefined) return [told(`song ${song.id} has no blob`)];
      return songFaults(song.id, song.ownerId, song.sha256, blob, archive.objects);
    }),
    ...blobs
      .filter((blob) => blob.state === 'recorded' && !songBlobs.has(blob.id))
      .map((blob) => told(`blob ${blob.id} is recorded and no song has it`)),
    ...(cleaned ? leftOvers(archive, songBlobs) : []),
  ];
};

const songFaults = (
  songId: number,
  ownerId: number,
  sha256: string,
  blob: ArchivedBlob,
  objects: ReadonlyMap<string, string>,
): readonly Breach[] => [
  ...(blob.state === 'recorded' ? [] : [told(`the blob of song ${songId} is ${blob.state}`)]),
  ...(blob.ownerId === ownerId ? [] : [told(`the blob of song ${songId} is somebody else's`)]),
  ...(blob.sha256 === sha256 ? [] : [told(`song ${songId} and its blob differ in their SHA-256`)]),
  ...(objects.get(blob.key) === sha256
    ? []
    : [told(`the object of song ${songId} is missing or has other bytes`)]),
];

const leftOvers = (
  { blobs, objects, temporary }: ArchiveView,
  songBlobs: ReadonlySet<number>,
): readonly Breach[] => {
  const needed = new Set(blobs.filter((blob) => songBlobs.has(blob.id)).map((blob) => blob.key));
  return [
    ...blobs
      .filter((blob) => !songBlobs.has(blob.id))
      .map((blob) => told(`blob ${blob.id} (${blob.state}) has no song`)),
    ...[...objects.keys()]
      .filter((key) => !needed.has(key))
      .map((key) => told(`the object ${key} has no song`)),
    ...temporary.map((name) => told(`an upload left ${name} behind`)),
  ];
};
