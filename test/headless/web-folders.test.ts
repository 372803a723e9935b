import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testFolder } from '../kit/test-folder.ts';
import { openWeb, type Page, pageOf, refOf } from './support/web.ts';

const names = async (page: Page, ref: string | null): Promise<readonly string[]> =>
  (await page.call('browse', ref)).folders.map(({ name }) => name);

const foldersIn = (root: string, ...paths: readonly string[]): void => {
  for (const path of paths) mkdirSync(join(root, path), { recursive: true });
};

test('the folders below the roots are shown in order, hidden ones and files are not', async () => {
  const root = testFolder('root');
  foldersIn(root, 'Music/Album 10', 'Music/Album 2', 'Music/.secret', 'Zoo', 'Äpfel');
  const page = await pageOf(await openWeb({ roots: [root, join(root, 'not there')] }));
  const top = await page.call('browse', null);
  expect(top).toMatchObject({ here: null, parent: null, folders: [{ name: root }], trouble: null });
  const rootRef = await refOf(page, root);
  expect(await names(page, rootRef)).toEqual(['Äpfel', 'Music', 'Zoo']);
  const music = await page.call('browse', await refOf(page, root, 'Music'));
  expect(music.here?.path).toBe(join(root, 'Music'));
  expect(music.parent).toBe(rootRef);
  expect(music.folders.map(({ name }) => name)).toEqual(['Album 2', 'Album 10']);
  expect((await page.call('browse', rootRef)).parent).toBeNull();
});

test('a link is followed within the roots and nowhere else', async () => {
  const [root, outside] = [testFolder('root'), testFolder('outside')];
  foldersIn(root, 'Music', 'Rest');
  foldersIn(outside, 'Private');
  symlinkSync(join(root, 'Music'), join(root, 'Songs'));
  symlinkSync(outside, join(root, 'Elsewhere'));
  symlinkSync(join(root, 'nowhere'), join(root, 'Broken'));
  // Begins like the root and is none of it.
  mkdirSync(`${root}-sibling`);
  onTestFinished(() => rmSync(`${root}-sibling`, { recursive: true }));
  symlinkSync(`${root}-sibling`, join(root, 'Sibling'));
  const page = await pageOf(await openWeb({ roots: [root] }));
  expect(await names(page, await refOf(page, root))).toEqual(['Music', 'Rest', 'Songs']);
  expect(await refOf(page, root, 'Songs')).toBe(await refOf(page, root, 'Music'));
});

test('a folder that becomes a link out of the roots is neither opened nor taken', async () => {
  const [root, outside] = [testFolder('root'), testFolder('outside')];
  foldersIn(root, 'Music/Album');
  foldersIn(outside, 'Album');
  const page = await pageOf(await openWeb({ roots: [root] }));
  const [ref, below] = [await refOf(page, root, 'Music'), await refOf(page, root, 'Music', 'Album')];
  rmSync(join(root, 'Music'), { recursive: true });
  symlinkSync(outside, join(root, 'Music'));
  for (const one of [ref, below]) {
    expect(await page.call('browse', one)).toMatchObject({ here: null, trouble: expect.any(String) });
    expect(await page.call('addLibrary', one)).toMatchObject({ ok: false, field: 'folder' });
  }
  expect((await page.call('state', null)).libraries).toEqual([]);
});

test('a reference that was given out to nobody, or by an earlier start, is none', async () => {
  const root = testFolder('root');
  foldersIn(root, 'Music');
  const old = await pageOf(await openWeb({ roots: [root] }));
  const ref = await refOf(old, root, 'Music');
  const page = await pageOf(await openWeb({ roots: [root] }));
  for (const unknown of [ref, 'AAAAAAAAAAAAAAAAAAAAAA'])
    expect(await page.call('addLibrary', unknown)).toMatchObject({ ok: false, field: 'folder' });
  expect((await page.call('browse', ref)).folders).toHaveLength(1);
  expect((await page.call('state', null)).libraries).toEqual([]);
});

test('a folder in another library, around one, or with our own data in it is refused beside the field', async () => {
  const root = testFolder('root');
  foldersIn(root, 'Music/Album', 'Data');
  const page = await pageOf(await openWeb({ roots: [root], dataFolder: join(root, 'Data') }));
  expect(await page.call('addLibrary', await refOf(page, root, 'Music'))).toEqual({ ok: true });
  // The same once more is no other library.
  expect(await page.call('addLibrary', await refOf(page, root, 'Music'))).toEqual({ ok: true });
  for (const [names, words] of [
    [[root, 'Music', 'Album'], /may not overlap/],
    [[root], /Ledgerline keeps its own data/],
    [[root, 'Data'], /Ledgerline keeps its own data/],
  ] as const)
    expect(await page.call('addLibrary', await refOf(page, ...names))).toMatchObject({
      ok: false,
      field: 'folder',
      message: expect.stringMatching(words),
    });
  const { libraries } = await page.call('state', null);
  expect(libraries.map(({ path }) => path)).toEqual([join(root, 'Music')]);
  await page.call('forgetLibrary', libraries[0]?.id ?? 0);
  expect((await page.call('state', null)).libraries).toEqual([]);
});
