import { posix, win32 } from 'node:path';

/**
 * Where Ledgerline keeps its ledger and, in the folder `archive`, the archive on this computer: `LEDGERLINE_DATA`,
 * or the folder that the system has for such things.
 */
export const dataFolder = (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: string,
): string => {
  const own = env['LEDGERLINE_DATA'];
  if (own !== undefined && own !== '') return own;
  switch (platform) {
    case 'win32':
      return win32.join(env['APPDATA'] ?? win32.join(homedir, 'AppData', 'Roaming'), 'ledgerline');
    case 'darwin':
      return posix.join(homedir, 'Library', 'Application Support', 'ledgerline');
    default: {
      const xdg = env['XDG_DATA_HOME'];
      // The XDG specification: a path that is not absolute is to be ignored.
      const base = xdg?.startsWith('/') === true ? xdg : posix.join(homedir, '.local', 'share');
      return posix.join(base, 'ledgerline');
    }
  }
};
