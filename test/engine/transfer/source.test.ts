import { closeSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toDiskStat } from '../../../src-main/engine/library/disk-stat.ts';
import { sourceFromFile, type Source } from '../../../src-main/engine/transfer/source.ts';
import { allOpenFiles, systemError } from '../../kit/disk-edge.ts';
import { writeSong } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

const LARGE = 4_300_000;

const sourceOf = async (bytes: number): Promise<Source> => {
  const folder = testFolder('library');
  const sha256 = writeSong(folder, 'a.mp3', { bytes });
  const track = {
    id: 1,
    libraryId: 1,
    contentId: 1,
    attempts: 0,
    libraryPath: Buffer.from(folder),
    folderPath: Buffer.of(),
    name: Buffer.from('a.mp3'),
    ...toDiskStat(statSync(join(folder, 'a.mp3'), { bigint: true })),
  };
  return sourceFromFile(track, Buffer.from(sha256, 'hex'));
};

const consume = async ({ body }: Source): Promise<number> => {
  if (body instanceof Uint8Array) return body.length;
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
};

test('a file that the disk does not show any more when it was sent is unreadable, and to be read again', async () => {
  const source = await sourceOf(LARGE);
  expect(await consume(source)).toBeGreaterThan(LARGE);
  const stat = vi.spyOn(await allOpenFiles(), 'stat').mockRejectedValue(systemError('ESTALE'));
  onTestFinished(() => stat.mockRestore());
  const unreadable = { code: 'file_unreadable', context: { system: 'ESTALE' } };
  await expect(source.verify()).rejects.toMatchObject(unreadable);
  await expect(source.recheck()).rejects.toMatchObject(unreadable);
  await source.close();
  await expect(sourceOf(LARGE)).rejects.toMatchObject(unreadable);
});

test('where what was read cannot be closed in due form, as on a share that died, nothing follows from that', async () => {
  const stat = vi.spyOn(await allOpenFiles(), 'stat');
  onTestFinished(() => stat.mockRestore());
  const source = await sourceOf(LARGE);
  expect(await consume(source)).toBeGreaterThan(LARGE);
  await source.verify();
  const [handle] = stat.mock.contexts as readonly FileHandle[];
  if (handle === undefined) throw new Error('nothing was opened');
  // Behind its back: closing it fails with EBADF.
  closeSync(handle.fd);
  await source.close();
});
