import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breaches, withoutComments } from './room-rules.ts';
import { ROOT, trackedFiles } from './tracked.ts';

const isSource = (path: string): boolean =>
  /^(shared|server|src-main|src-renderer)\/.*\.(ts|tsx|mts|js|mjs|cjs|jsx)$/.test(path);

/** [what it is, the file, its text, whether lint sees it as well] */
const BREACHES: readonly (readonly [string, string, string, boolean])[] = [
  ['shared imports the archive', 'shared/api/a.ts', `import '../../server/app.ts';`, true],
  ['shared imports the engine', 'shared/a.ts', `export * from '../src-main/engine/plan.ts';`, true],
  ['shared imports the page', 'shared/a.ts', `import type { P } from '../src-renderer/page.ts';`, true],
  ['shared imports Node', 'shared/a.ts', `import { readFile } from 'node:fs/promises';`, true],
  ['shared imports Node by its old name', 'shared/a.ts', `import path from 'path';`, true],
  ['the archive imports the engine', 'server/a.ts', `import { x } from '../src-main/engine/x.ts';`, true],
  ['the archive imports a shell', 'server/routes/a.ts', `import '../../src-main/headless/main.ts';`, true],
  ['the archive imports the page', 'server/a.ts', `import x from '../src-renderer/app.tsx';`, true],
  ['the archive imports Electron', 'server/a.ts', `import { app } from 'electron';`, true],
  ['the archive starts processes', 'server/a.ts', `import { fork } from 'node:child_process';`, true],
  ['the engine imports headless', 'src-main/engine/a/b.ts', `import '../../headless/launch.ts';`, true],
  ['the engine imports the desktop', 'src-main/engine/a.ts', `export { x } from '../desktop/x.ts';`, true],
  ['the engine imports the archive', 'src-main/engine/a.ts', `import '../../server/app.ts';`, true],
  ['the engine imports the page', 'src-main/engine/a.ts', `import '../../src-renderer/x.ts';`, true],
  [
    'the engine starts processes',
    'src-main/engine/a.ts',
    `import { spawn } from 'node:child_process';`,
    true,
  ],
  ['the engine starts processes, old name', 'src-main/engine/a.ts', `import cp from 'child_process';`, true],
  ['the engine imports Electron', 'src-main/engine/a.ts', `import { net } from 'electron/main';`, true],
  ['the engine imports electron-store', 'src-main/engine/a.ts', `import S from 'electron-store';`, true],
  ['the command line imports Electron', 'src-main/headless/a.ts', `import 'electron';`, true],
  ['the command line imports the desktop', 'src-main/headless/a.ts', `import '../desktop/tray.ts';`, true],
  ['the desktop imports the command line', 'src-main/desktop/a.ts', `import '../headless/main.ts';`, true],
  ['what shells share imports one', 'src-main/shell/a.ts', `import '../headless/main.ts';`, true],
  ['what shells share imports Electron', 'src-main/shell/a.ts', `import { app } from 'electron';`, true],
  ['what shells share starts processes', 'src-main/shell/a.ts', `import 'node:child_process';`, true],
  ['the page imports Node', 'src-renderer/a.ts', `import fs from 'node:fs';`, true],
  ['the page imports the engine', 'src-renderer/a.tsx', `import '../src-main/engine/x.ts';`, true],
  ['the page imports the archive', 'src-renderer/a.ts', `import '../server/app.ts';`, true],
  ['the page imports Electron', 'src-renderer/a.ts', `import { ipcRenderer } from 'electron';`, true],
  ['a dynamic import', 'src-main/engine/a.ts', `const x = await import('../headless/main.ts');`, true],
  ['a type import in an expression', 'server/a.ts', `type X = import('../src-main/engine/x.ts').X;`, false],
  ['a file named by URL', 'src-main/engine/a.ts', `new URL('../../server/x.ts', import.meta.url);`, false],
  ['an import known only when it runs', 'server/a.ts', 'await import(name);', false],
  ['an import put together when it runs', 'server/a.ts', 'await import(`../${name}.ts`);', false],
  ['the engine uses process.execPath', 'src-main/engine/a.ts', 'run(process.execPath);', false],
  ['the engine takes execPath apart', 'src-main/engine/a.ts', 'const { execPath } = process;', false],
  ['something outside of every room', 'src-main/engine/a.ts', `import '../../scripts/lib/child.mjs';`, false],
  ['a file that stands in no room', 'src-main/misc/a.ts', 'export const x = 1;', false],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['shared/api/a.ts', `import { z } from 'zod';\nimport '../codes.ts';`],
  ['server/a.ts', `import '../shared/a.ts';\nimport './routes/b.ts';\nimport 'node:fs';`],
  ['src-main/engine/ledger/a.ts', `import '../../../shared/a.ts';\nimport '../clock.ts';\nimport 'node:fs';`],
  [
    'src-main/headless/a.ts',
    `import '../engine/a.ts';\nimport '../../server/a.ts';\nimport 'node:child_process';`,
  ],
  ['src-main/headless/b.ts', `new URL('../engine/scan.ts', import.meta.url); run(process.execPath);`],
  ['src-main/desktop/a.ts', `import { app } from 'electron';\nimport '../../server/start.ts';`],
  ['src-main/main.ts', `import { app } from 'electron';\nimport './desktop/window.ts';`],
  ['src-renderer/a.tsx', `import 'react';\nimport '../shared/bridge.ts';\nimport './b.tsx';`],
];

describe('rooms', () => {
  test('no file reaches into a room it must not know', () => {
    const files = trackedFiles().filter(isSource);
    expect(files.length).toBeGreaterThan(10);
    const tree = new Map(files.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
    expect(breaches(tree)).toEqual([]);
  });

  test.each(BREACHES)('a breach is named: %s', (_what, path, text) => {
    const found = breaches(new Map([[path, text]]));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(`${path} `)).toBe(true);
  });

  test('what is allowed is left alone', () => {
    expect(breaches(new Map(ALLOWED))).toEqual([]);
  });

  test('a comment is no import, and a string that looks like a comment hides none', () => {
    const commented = `// import '../../server/a.ts'\n/* from '../headless/b.ts' process.execPath */\n`;
    expect(breaches(new Map([['src-main/engine/a.ts', commented]]))).toEqual([]);
    const hidden = `const open = '/*'; import '../../server/a.ts'; const close = '*/';`;
    expect(breaches(new Map([['src-main/engine/a.ts', hidden]]))).toHaveLength(1);
    expect(withoutComments('const a = /\\/\\*"/; // gone')).toBe('const a = /\\/\\*"/;  ');
  });
});

describe('the lint rule', () => {
  let folder = '';
  const inLint = BREACHES.filter(([, , , seen]) => seen);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledgerline-lint-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, '.oxlintrc.json'), readFileSync(join(ROOT, '.oxlintrc.json')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Messages by path, as oxlint reports them with the project's own configuration. */
  const lint = (files: readonly (readonly [string, string])[]): ReadonlyMap<string, string> => {
    for (const [path, text] of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const run = (): string => {
      try {
        return execFileSync(process.execPath, [oxlint, '-f', 'json'], { cwd: folder, encoding: 'utf8' });
      } catch (error) {
        return (error as { readonly stdout: string }).stdout;
      }
    };
    const { diagnostics } = JSON.parse(run()) as {
      readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
    };
    const found = new Map<string, string>();
    for (const { filename, code } of diagnostics) found.set(filename, `${found.get(filename) ?? ''}${code};`);
    return found;
  };

  test('reports each of these breaches as well', () => {
    const files = inLint.map(
      ([, path, text], at) => [path.replace(/\ba\.(tsx?)$/, `a${at}.$1`), text] as const,
    );
    const found = lint(files);
    const unseen = files.filter(
      ([path]) => !/no-restricted-imports|prefer-node-protocol/.test(found.get(path) ?? ''),
    );
    expect(unseen).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  test('keeps raw channels of Electron to the one folder that checks what comes by them', () => {
    const raw = `import { ipcMain } from 'electron';`;
    const found = lint([
      ['src-main/desktop/raw.ts', raw],
      ['src-main/raw.ts', `import { ipcRenderer } from 'electron';`],
      ['src-main/desktop/ipc/raw.ts', raw],
    ]);
    expect(found.get('src-main/desktop/raw.ts')).toMatch(/no-restricted-imports/);
    expect(found.get('src-main/raw.ts')).toMatch(/no-restricted-imports/);
    expect(found.get('src-main/desktop/ipc/raw.ts') ?? '').not.toMatch(/no-restricted-imports/);
  });

  test('reports none of what is allowed', () => {
    const found = lint(ALLOWED);
    const reported = ALLOWED.filter(([path]) => found.get(path)?.includes('no-restricted-imports'));
    expect(reported).toEqual([]);
  });
});
