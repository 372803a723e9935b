import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolders } from '../../src-main/shell/folders.ts';
import { testFolder } from '../kit/test-folder.ts';

describe('folders that a person named by a dialog or by dropping them', () => {
  test('can be chosen although there are no roots; nobody looks through anything', async () => {
    const folders = createFolders([]);
    const music = testFolder('music');
    const offered = await folders.offer(Buffer.from(music));
    expect(offered).toMatchObject({ name: music });
    expect(Buffer.from((await folders.pathOf(offered?.ref ?? '')) ?? []).toString()).toBe(music);
    expect(await folders.browse(null)).toMatchObject({ here: null, folders: [] });
    // The same folder, the same reference.
    expect(await folders.offer(Buffer.from(music))).toEqual(offered);
  });

  test('a file, and what is not there, are no folders', async () => {
    const folders = createFolders([]);
    const folder = testFolder('some');
    writeFileSync(join(folder, 'song.mp3'), '');
    expect(await folders.offer(Buffer.from(join(folder, 'song.mp3')))).toBeUndefined();
    expect(await folders.offer(Buffer.from(join(folder, 'gone')))).toBeUndefined();
  });

  test('a link is the folder that it leads to, and a link put in its place later leads nowhere', async () => {
    const folders = createFolders([]);
    const folder = testFolder('some');
    const [music, secret] = [join(folder, 'Music'), testFolder('secret')];
    mkdirSync(music);
    symlinkSync(music, join(folder, 'link'));
    const offered = await folders.offer(Buffer.from(join(folder, 'link')));
    expect(offered).toMatchObject({ name: music });
    renameSync(music, join(folder, 'moved'));
    symlinkSync(secret, music);
    expect(await folders.pathOf(offered?.ref ?? '')).toBeUndefined();
  });
});
