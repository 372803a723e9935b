import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { callsOf, type HostWishes, openTestHost, refOf, sees, type TestHost } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

// It is looked for every few seconds whether a disk is away or back.
vi.setConfig({ testTimeout: 120_000 });

interface World {
  readonly root: string;
  /** Where a disk would be. */
  readonly disk: string;
  readonly archive: string;
}

const newWorld = (): World => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 3);
  const disk = join(root, 'disk');
  mkdirSync(disk);
  return { root, disk, archive: join(disk, 'Ledgerline archive') };
};

const openAt = async ({ root }: World, wishes: HostWishes = {}): Promise<TestHost> =>
  openTestHost({ roots: [root], ...wishes });

const choose = async (host: TestHost, world: World, ...names: readonly string[]) =>
  host.calls.useArchiveHere(await refOf(callsOf(host), world.root, ...names));

const archivedAt = async (world: World): Promise<TestHost> => {
  const host = await openAt(world);
  await host.calls.addLibrary(await refOf(callsOf(host), world.root, 'Music'));
  expect(await choose(host, world, 'disk')).toEqual({ ok: true });
  await host.calls.start(null);
  await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
  return host;
};

describe('an archive in a chosen folder', () => {
  test('is told of before it is chosen, and then everything lies there', async () => {
    const world = newWorld();
    const host = await openAt(world);
    await host.calls.addLibrary(await refOf(callsOf(host), world.root, 'Music'));
    const facts = await host.calls.archiveHere(await refOf(callsOf(host), world.root, 'disk'));
    expect(facts).toEqual({ place: world.archive, bytesFree: expect.any(Number), sameDisk: true });
    expect(facts.bytesFree).toBeGreaterThan(0);
    expect(await host.calls.archiveHere(null)).toMatchObject({ place: join(host.dataFolder, 'archive') });
    expect(readdirSync(world.disk)).toEqual([]);

    expect(await choose(host, world, 'disk')).toEqual({ ok: true });
    await host.calls.start(null);
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 3);
    expect(done.archive).toMatchObject({ kind: 'here', place: world.archive, sameDisk: true });
    expect(existsSync(join(world.archive, 'archive.db'))).toBe(true);
    expect(existsSync(join(host.dataFolder, 'archive'))).toBe(false);
    await host.close();

    // Who chooses the archive itself means it, and not another one within.
    const again = await openAt(world, { dataFolder: host.dataFolder });
    expect(await choose(again, world, 'disk', 'Ledgerline archive')).toEqual({ ok: true });
    const same = await sees(again, 'the work', ({ work }) => work !== null);
    expect(same.archive).toMatchObject({ place: world.archive });
    expect(same.standing.archived).toBe(3);
  });

  test('whose disk is away is waited for: none is made in its place, and it goes on when it is back', async () => {
    const world = newWorld();
    const first = await archivedAt(world);
    await first.close();
    renameSync(world.archive, `${world.archive} away`);
    const host = await openAt(world, { dataFolder: first.dataFolder });
    const away = await sees(host, 'that it is away', ({ work }) => work?.gate.reason === 'offline');
    expect(away.work?.gate.message).toMatch(/The archive is not at .*connect it again/);
    expect(away).toMatchObject({ trouble: null, standing: { archived: 3 }, archive: { bytesFree: 0 } });
    expect(existsSync(world.archive)).toBe(false);
    expect(existsSync(join(host.dataFolder, 'archive'))).toBe(false);
    writeSongs(join(world.root, 'Music'), 1, 50);
    renameSync(`${world.archive} away`, world.archive);
    await sees(host, 'the rest is archived', ({ standing }) => standing.archived === 4, {
      timeoutMs: 40_000,
    });

    // In the middle of the work it is the same.
    renameSync(world.archive, `${world.archive} away`);
    await sees(host, 'that it is away', ({ work }) => work?.gate.reason === 'offline');
    writeSongs(join(world.root, 'Music'), 1, 60);
    expect(existsSync(world.archive)).toBe(false);
    renameSync(`${world.archive} away`, world.archive);
    const done = await sees(host, 'all is archived', ({ standing }) => standing.archived === 5, {
      timeoutMs: 40_000,
    });
    expect(done.trouble).toBeNull();
    expect(host.faults).toEqual([]);
  });

  test('is not taken for another one that lies in its place', async () => {
    const world = newWorld();
    const host = await archivedAt(world);
    await host.close();
    const other = newWorld();
    await (await archivedAt(other)).close();
    rmSync(world.archive, { recursive: true });
    cpSync(other.archive, world.archive, { recursive: true });
    const before = readdirSync(join(world.archive, 'objects'), { recursive: true }).length;
    writeSongs(join(world.root, 'Music'), 1, 50);
    const again = await openAt(world, { dataFolder: host.dataFolder });
    const told = await sees(again, 'that it is another', ({ work }) => work?.gate.reason === 'offline');
    expect(told.work?.gate.message).toMatch(/another archive than yours/);
    expect(told.standing.archived).toBe(3);
    expect(readdirSync(join(world.archive, 'objects'), { recursive: true })).toHaveLength(before);
  });

  test('lies in no library and no library lies in it', async () => {
    const world = newWorld();
    const host = await archivedAt(world);
    expect(await choose(host, world, 'Music')).toMatchObject({
      ok: false,
      field: 'folder',
      message: expect.stringMatching(/nothing is ever written into a library/),
    });
    const call = callsOf(host);
    for (const names of [['disk'], ['disk', 'Ledgerline archive']])
      expect(await call('addLibrary', await refOf(call, world.root, ...names))).toMatchObject({
        ok: false,
        field: 'folder',
      });
    expect(existsSync(join(world.root, 'Music', 'Ledgerline archive'))).toBe(false);
    expect((await host.calls.state(null)).archive).toMatchObject({ place: world.archive });
  });

  test('lies in no other archive, of which it would be a second copy, and in nothing of our own', async () => {
    const world = newWorld();
    const first = await archivedAt(world);
    await first.close();
    renameSync(world.archive, join(world.disk, 'My copies'));
    const host = await openAt(world, { dataFolder: join(world.root, 'Our data') });
    for (const names of [
      ['disk', 'My copies'],
      ['disk', 'My copies', 'objects'],
    ])
      expect(await choose(host, world, ...names)).toMatchObject({
        ok: false,
        field: 'folder',
        message: expect.stringMatching(/is an archive itself/),
      });
    expect(existsSync(join(world.disk, 'My copies', 'Ledgerline archive'))).toBe(false);

    // The pictures of albums are thrown away whole when their index is damaged.
    for (const names of [['Our data'], ['Our data', 'covers']])
      expect(await choose(host, world, ...names)).toMatchObject({
        ok: false,
        field: 'folder',
        message: expect.stringMatching(/keeps its own data/),
      });
    expect((await host.calls.state(null)).archive).toBeNull();
  });

  test('that somebody else has open is left alone, in words', async () => {
    const world = newWorld();
    await archivedAt(world);
    const other = await openAt(world);
    expect(await choose(other, world, 'disk')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/is running already/),
    });
    expect((await other.calls.state(null)).archive).toBeNull();
  });
});
