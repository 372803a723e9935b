import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareVersions, parseVersion } from '../../scripts/lib/versions.mjs';
import { ROOT } from './tracked.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, LockedPackage>>;

/** Below these versions the package has a known hole or fault that meets us. */
const FLOORS: Readonly<Record<string, string>> = {
  fastify: '5.12.1',
  '@fastify/multipart': '10.1.2',
  '@fastify/static': '9.1.1',
  'music-metadata': '11.16.1',
  'electron-updater': '6.3.0',
};

/** Finds a name as Node does: in the package's own node_modules, then in each folder above. */
const isLocked = (packages: Packages, name: string, place: string): boolean => {
  if (packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`]) return true;
  if (place === '') return false;
  return isLocked(packages, name, place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/'))));
};

const missingPlatformPackages = (packages: Packages): readonly string[] =>
  Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, name, place))
      .map((name) => `${place} lacks ${name}`),
  );

const namedHosts = (packages: Packages): readonly string[] =>
  Object.entries(packages).flatMap(([place, { resolved, link }]) =>
    resolved === undefined || link ? [] : [`${place}: ${resolved}`],
  );

const withoutIntegrity = (packages: Packages): readonly string[] =>
  Object.entries(packages).flatMap(([place, { integrity, link }]) =>
    place === '' || link || integrity?.startsWith('sha512-') ? [] : [place],
  );

const belowFloor = (packages: Packages, floors: typeof FLOORS): readonly string[] =>
  Object.entries(packages).flatMap(([place, { version }]) => {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const floor = floors[name];
    if (floor === undefined || version === undefined) return [];
    return compareVersions(parseVersion(version), parseVersion(floor)) < 0
      ? [`${place} ${version} is below ${floor}`]
      : [];
  });

const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { readonly packages: Packages };

describe('the lockfile', () => {
  test('holds every platform package, so that it installs on every system', () => {
    expect(Object.keys(packages).length).toBeGreaterThan(50);
    expect(missingPlatformPackages(packages)).toEqual([]);
  });

  test('names no host to download from', () => {
    expect(namedHosts(packages)).toEqual([]);
    const urls = [...text.matchAll(/"(\w+)": "https?:\/\//g)].map(([, key]) => key);
    expect(new Set(urls)).toEqual(new Set(['url']));
  });

  test('pins the bytes of every package', () => {
    expect(withoutIntegrity(packages)).toEqual([]);
  });

  test('has no package below the version that closed its known holes', () => {
    expect(belowFloor(packages, FLOORS)).toEqual([]);
    for (const name of ['fastify', '@fastify/multipart', 'music-metadata'])
      expect(packages, `${name} is gone: is its floor still needed?`).toHaveProperty([
        `node_modules/${name}`,
      ]);
  });

  test('matches package.json, so that npm ci accepts it', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
    const root = packages[''] as Record<string, unknown>;
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      expect(root[kind]).toEqual(manifest[kind]);
  });
});

describe('a lockfile that is wrong is noticed', () => {
  const sound: Packages = {
    '': { optionalDependencies: { b: '1' } },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-x', optionalDependencies: { c: '1' } },
    'node_modules/a/node_modules/c': { version: '1.0.0', integrity: 'sha512-x' },
    'node_modules/b': { version: '1.0.0', integrity: 'sha512-x' },
  };

  test('not when it is sound', () => {
    expect(missingPlatformPackages(sound)).toEqual([]);
    expect(withoutIntegrity(sound)).toEqual([]);
    expect(namedHosts(sound)).toEqual([]);
  });

  test('when a platform package is missing', () => {
    const { 'node_modules/a/node_modules/c': _, ...rest } = sound;
    expect(missingPlatformPackages(rest)).toEqual(['node_modules/a lacks c']);
  });

  test('when an entry has a host or no integrity', () => {
    const bad = { ...sound, 'node_modules/d': { version: '1.0.0', resolved: 'https://host.example/d.tgz' } };
    expect(namedHosts(bad)).toEqual(['node_modules/d: https://host.example/d.tgz']);
    expect(withoutIntegrity(bad)).toEqual(['node_modules/d']);
  });

  test('when a version is below its floor, also deep in the tree', () => {
    const bad = { 'node_modules/x/node_modules/fastify': { version: '5.12.0' } };
    expect(belowFloor(bad, FLOORS)).toEqual(['node_modules/x/node_modules/fastify 5.12.0 is below 5.12.1']);
    expect(belowFloor({ 'node_modules/fastify': { version: '5.12.1' } }, FLOORS)).toEqual([]);
  });
});
