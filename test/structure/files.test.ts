import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, trackedFiles } from './tracked.ts';

const MAX_LINES = 400;
const SOURCE = /^(shared|server|src-main|src-renderer|scripts|\.ci)\/.*\.(ts|tsx|mts|mjs|js|cjs|css|sql)$/;

/** Absolute paths that exist on one person's machine only. Written in pieces, so that this file is not one of them. */
const MACHINE_PATH = new RegExp(
  `(?<![\\w.~-])(?:${['/wo' + 'rk', '/ro' + 'ot', '/home' + '/[a-z_][\\w.-]*', '/Users' + '/[A-Za-z][\\w.-]*'].join('|')})/`,
);

/** Hosts that packages are downloaded from: the public ones by their form, and the one configured here. */
const registryHosts = (): readonly string[] => {
  const configured = execFileSync('npm', ['config', 'get', 'registry'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const { hostname } = new URL(configured.trim());
  const isLoopback = /^(localhost|127\.|\[?::1)/.test(hostname);
  return ['registry' + '.npmjs.org', 'registry' + '.yarnpkg.com', ...(isLoopback ? [] : [hostname])];
};

const machinePaths = (text: string): readonly string[] =>
  text.split('\n').filter((line) => MACHINE_PATH.test(line));

/** The names at the head of each line of the list, such as "- `zod`: why". */
const describedPackages = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^- `([^`]+)`: \S.{10,}$/gm)].map((match) => match[1] ?? '');

const texts = trackedFiles().flatMap((path) => {
  const bytes = readFileSync(join(ROOT, path));
  return bytes.includes(0) ? [] : [{ path, text: bytes.toString('utf8') }];
});

describe('the files of the project', () => {
  test('name no path of a machine they were written on', () => {
    expect(texts.length).toBeGreaterThan(20);
    const found = texts.flatMap(({ path, text }) =>
      machinePaths(text).map((line) => `${path}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  test('name no host that packages are downloaded from', () => {
    const hosts = registryHosts();
    const found = texts.flatMap(({ path, text }) =>
      hosts.filter((host) => text.includes(host)).map((host) => `${path}: ${host}`),
    );
    expect(found).toEqual([]);
  });

  test(`have at most ${MAX_LINES} lines where they are source`, () => {
    const long = texts
      .filter(({ path }) => SOURCE.test(path))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  test.each([
    ['/ro' + 'ot/.npmrc', true],
    ['see "/wo' + 'rk/x.md"', true],
    ['/home' + '/anna/Music', true],
    ['/Users' + '/anna/Music', true],
    ['~/Music', false],
    ['https://example.com/wo' + 'rk/x', false],
    ['test/wo' + 'rk/x', false],
    ['/home', false],
  ])('the path rule reads %s as %s', (text, found) => {
    expect(machinePaths(text).length > 0).toBe(found);
  });
});

describe('docs/dependencies.md', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
    Record<string, Readonly<Record<string, string>> | undefined>
  >;
  const declared = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const described = describedPackages(readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8'));

  test('gives a reason for every package', () => {
    expect(declared.filter((name) => !described.includes(name))).toEqual([]);
  });

  test('speaks of no package that is gone, and of none twice', () => {
    expect(described.filter((name) => !declared.includes(name))).toEqual([]);
    expect(new Set(described).size).toBe(described.length);
  });
});
