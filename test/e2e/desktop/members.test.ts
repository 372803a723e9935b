import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testFolder } from '../../kit/test-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** Electron as main would find it if it were the double, types and all. */
const SHIM = `
import * as double from './test/electron-double/electron.ts';
import type { WebContents } from './test/electron-double/web-contents.ts';
export * from './test/electron-double/electron.ts';
export type App = typeof double.app;
export type Session = typeof double.session.defaultSession;
export type Shell = typeof double.shell;
export type NativeTheme = typeof double.nativeTheme;
export type PowerMonitor = typeof double.powerMonitor;
export type PowerSaveBlocker = typeof double.powerSaveBlocker;
export type SafeStorage = typeof double.safeStorage;
export interface IpcMainEvent { sender: WebContents; senderFrame: WebContents['mainFrame'] | null }
export type IpcMainInvokeEvent = IpcMainEvent;
export type { MenuItemConstructorOptions, OpenDialogOptions, OpenDialogReturnValue, Rectangle } from 'electron';
`;
/** What is not in the double either way. */
const LACKED = `
import { app, powerMonitor, screen } from '../electron-shim.ts';
app.setBadgeCount(3);
powerMonitor.getSystemIdleTime();
screen.getPrimaryDisplay();
`;

/** The compiler's complaints about members that are not there; its others come from the double's looser listeners. */
const complaints = (output: string): readonly string[] =>
  output
    .split('\n')
    .filter(
      (line) => /error TS(2339|2551|2305|2724|2344|2694)\b/.test(line) && !line.includes("on type 'never'"),
    )
    .map((line) => line.trim());

test('main uses nothing of Electron that the double lacks', () => {
  const folder = testFolder('members');
  for (const part of ['src-main', 'shared', 'server', 'test/electron-double', 'test/kit', 'tsconfig.json'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'electron-shim.ts'), SHIM);
  for (const name of readdirSync(join(folder, 'src-main'), { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, 'src-main', name);
    // The preload's Electron is another one, which the page's own tests run through.
    if (!name.endsWith('.ts') || name.includes('preload')) continue;
    const shim = relative(dirname(path), join(folder, 'electron-shim.ts')).replaceAll('\\', '/');
    const text = readFileSync(path, 'utf8').replaceAll("from 'electron'", `from '${shim}'`);
    expect(text.replace(/^\s*\/?\*.*$/gm, '')).not.toMatch(/\bElectron\.[A-Z]/);
    writeFileSync(path, text);
  }
  writeFileSync(join(folder, 'src-main', 'lacked.ts'), LACKED);
  writeFileSync(
    join(folder, 'tsconfig.main.json'),
    JSON.stringify({ extends: './tsconfig.json', include: ['src-main/*.ts', 'src-main/desktop'] }),
  );

  let output = '';
  try {
    execFileSync(process.execPath, [TSC, '-p', 'tsconfig.main.json', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    output = (error as { readonly stdout: string }).stdout;
  }
  const found = complaints(output);
  expect(found.filter((line) => !line.startsWith('src-main/lacked.ts'))).toEqual([]);
  // What the check would say, so that it cannot be silent for another reason.
  expect(found.filter((line) => line.startsWith('src-main/lacked.ts'))).toHaveLength(3);
}, 120_000);
