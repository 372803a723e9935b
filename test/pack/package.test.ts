import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ProcessName, ThreadName } from '../../shared/launch.ts';
import { coverPicture } from '../../src-main/headless/demo/audio/cover.ts';
import { writeSongs } from '../kit/songs.ts';
import { testFolder } from '../kit/test-folder.ts';
import { waitFor } from '../kit/wait-for.ts';
import { startPackedEngine } from './packed-engine.ts';
import { type Packed, packWithStub } from './stub-pack.ts';

const LINUX = process.platform === 'linux';
const ENTRIES = ['main', 'engine', 'helper', 'helper-thread'];
/** libvips names its parts and their licences in its README. */
const LICENCE = /\/(?:LICENSE(?:\.md)?|licences\.md)$|\/sharp-libvips-[^/]+\/README\.md$/;
const THREADS = { scan: true, fingerprint: true, views: true } satisfies Readonly<Record<ThreadName, true>>;

describe.runIf(LINUX)('the package', () => {
  let packed: Packed;
  beforeAll(async () => {
    packed = await packWithStub();
    return packed.remove;
  }, 120_000);

  const below = (folder: string): readonly string[] =>
    packed.files.filter((name) => name.startsWith(`${folder}/`));

  test('holds every program that is started, the page and the SQL', () => {
    const programs = [...ENTRIES, ...Object.keys(THREADS)].map((name) => `out/main/${name}.js`);
    expect(packed.files).toEqual(expect.arrayContaining(programs));
    expect(packed.files).toContain('out/preload/preload.cjs');
    expect(packed.files).toContain('out/renderer/index.html');
    expect(below('out/renderer/assets').map((name) => name.split('.').at(-1))).toEqual(
      expect.arrayContaining(['js', 'css']),
    );
    expect(below('out/main/sql/ledger')).toContain('out/main/sql/ledger/0001-first.sql');
    const manifest = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ main: 'out/main/main.js', desktopName: 'ledgerline.desktop' });
    expect(manifest).not.toHaveProperty('devDependencies');
  });

  test('holds nothing else: no sources, tests, maps, documents, or packages that are bundled or only for work', () => {
    const others = packed.files.filter((name) => name !== 'package.json' && !name.startsWith('out/'));
    const packages = others.map((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? name);
    const arch = `linux-${process.arch}`;
    expect([...new Set(packages)].toSorted()).toEqual(
      [
        '@img/colour',
        `@img/sharp-${arch}`,
        `@img/sharp-libvips-${arch}`,
        '@node-rs/argon2',
        `@node-rs/argon2-${arch}-gnu`,
        'better-sqlite3',
        'detect-libc',
        'semver',
        'sharp',
      ].toSorted(),
    );
    const forWork = packed.files.filter((name) => /\.(?:map|tsx?|md|c|cc|cpp|h|gyp)$/.test(name));
    expect(forWork.filter((name) => !LICENCE.test(name))).toEqual([]);
    expect(packed.files.filter((name) => name.endsWith('.node'))).toHaveLength(3);
  });

  test('brings the licences of those whose work is in it', () => {
    const bundled = (program: string): string =>
      readFileSync(join(packed.folder, `out/${program}/licences.md`), 'utf8');
    expect(bundled('main')).toMatch(/^## fastify - [\d.]+ \(MIT\)$/m);
    expect(bundled('renderer')).toMatch(/^## react-aria-components - [\d.]+ \(Apache-2\.0\)$/m);
    expect(bundled('renderer')).toContain('Permission is hereby granted');
    const folders = packed.files.flatMap(
      (name) => /^(node_modules\/.+)\/package\.json$/.exec(name)?.[1] ?? [],
    );
    const without = folders.filter(
      (folder) => !packed.files.some((name) => name.startsWith(`${folder}/`) && LICENCE.test(name)),
    );
    // It is one with @node-rs/argon2, which brings the licence of both.
    expect(without).toEqual([`node_modules/@node-rs/argon2-linux-${process.arch}-gnu`]);
  });

  test('has what the system itself loads beside the archive', () => {
    const native = packed.files.filter((name) => /\.(?:node|so[.\d]*|dylib|dll)$/.test(name));
    expect(native).toHaveLength(4);
    expect(packed.unpacked).toEqual(expect.arrayContaining([...native]));
    expect(packed.unpacked.filter((name) => name.startsWith('out/'))).toEqual([]);
  });

  test('works from its own files alone: its engine archives a library on this computer, with covers', async () => {
    const root = testFolder('packed');
    const music = join(root, 'Music');
    writeSongs(music, 3);
    writeFileSync(join(music, 'Album 0', 'cover.png'), coverPicture(1).data);
    const packedEngine = await startPackedEngine(join(packed.folder, 'out', 'main'), join(root, 'data'));
    const { engine, call, state, faults, helpers } = packedEngine;
    let closed = false;
    const close = async (): Promise<void> => {
      if (!closed) await packedEngine.close();
      closed = true;
    };
    onTestFinished(close);
    const offered = await engine.ask('offer', music);
    if (offered === undefined) throw new Error('the folder is there');
    expect(await call('addLibrary', offered.ref)).toEqual({ ok: true });
    expect(await call('useArchiveHere', null)).toEqual({ ok: true });
    expect(await call('start', null)).toEqual({ ok: true });
    await waitFor('all is archived', () => state()?.standing.archived === 3, { timeoutMs: 30_000 });

    const cover = await waitFor('a cover', async () => {
      const { view } = await call('openAlbums', { filter: 'all', search: '' });
      return (await call('albums', { view, from: 0, count: 10 }))?.[0]?.cover;
    });
    const webp = await engine.ask('cover', { name: cover, grey: true });
    expect(Buffer.from(webp ?? []).toString('latin1', 8, 12)).toBe('WEBP');
    const wanted: readonly ProcessName[] = ['cover', 'read-media'];
    expect([...new Set(helpers)].toSorted()).toEqual(wanted);
    expect(faults).toEqual([]);
    await close();
  });
});
