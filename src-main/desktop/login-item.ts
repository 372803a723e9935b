import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import { writeWhole } from './write-whole.ts';

/** Whether the program is started when a person logs in to the computer: the system keeps that, not we. */
export interface LoginItem {
  readonly isOn: () => boolean;
  readonly set: (on: boolean) => void;
  /** Whether this very start is one of those, which nobody waits for with a window. */
  readonly startedSo: (argv: readonly string[]) => boolean;
}

/** With this argument it starts in the tray, without its window. */
const HIDDEN_ARGUMENT = '--hidden';

export const createLoginItem = (deps: {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  /** What starts this program again. */
  readonly command: readonly [program: string, ...rest: string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}): LoginItem => {
  const [program, ...rest] = deps.command;
  const args = [...rest, HIDDEN_ARGUMENT];
  if (deps.platform === 'linux') return autostart(deps.env, deps.home, [program, ...args]);
  const which = deps.platform === 'win32' ? { path: program, args } : {};
  return {
    isOn: () => deps.app.getLoginItemSettings(which).openAtLogin,
    set: (on) => deps.app.setLoginItemSettings({ ...which, openAtLogin: on }),
    // macOS hands over no arguments.
    startedSo: (argv) =>
      argv.includes(HIDDEN_ARGUMENT) ||
      (deps.platform === 'darwin' && deps.app.getLoginItemSettings().wasOpenedAtLogin),
  };
};

/** As the Desktop Application Autostart Specification has it. */
const autostart = (env: NodeJS.ProcessEnv, home: string, command: readonly string[]): LoginItem => {
  const { XDG_CONFIG_HOME: config = '' } = env;
  const path = join(config === '' ? join(home, '.config') : config, 'autostart', 'ledgerline.desktop');
  const text = desktopEntry(command);
  return {
    isOn: () => existsSync(path),
    set: (on) => {
      if (on) writeWhole(path, text, 0o644);
      else rmSync(path, { force: true });
    },
    startedSo: (argv) => argv.includes(HIDDEN_ARGUMENT),
  };
};

export const desktopEntry = (command: readonly string[]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Ledgerline',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** Quoted for the Exec key, then escaped as every string of such a file; `%` would be a field code. */
const quoted = (argument: string): string =>
  `"${argument.replaceAll(/["`$\\]/g, '\\$&')}"`.replaceAll('\\', '\\\\').replaceAll('%', '%%');
