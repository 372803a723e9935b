import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractAll, listPackage, statFile } from '@electron/asar';
import { getConfig } from 'app-builder-lib/out/util/config/config.js';
import { Arch, build, Platform } from 'electron-builder';
import { buildDesktop } from '../kit/built-desktop.ts';
import { makeTempFolder, removeFolder } from '../kit/temp-folder.ts';
import { ROOT } from '../structure/tracked.ts';

export interface Packed {
  /** Every file of the archive, from its root, with `/`. */
  readonly files: readonly string[];
  /** Those that lie beside the archive and not in it. */
  readonly unpacked: readonly string[];
  /** The archive's contents as files, the native ones too. */
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Builds the desktop's programs and packs them for Linux as electron-builder.yml says, around files that stand in for
 * Electron: its binary is not to be had everywhere. Fuses are left out, for there is nothing to turn.
 */
export const packWithStub = async (): Promise<Packed> => {
  const built = await buildDesktop();
  const root = makeTempFolder('pack');
  try {
    cpSync(built.folder, join(root, 'out'), { recursive: true });
    // Copies and no links: what a link leads to may lie where the packer takes nothing from, as below /var.
    for (const name of [
      'package.json',
      'package-lock.json',
      'electron-builder.yml',
      'build',
      ...(await packagesTaken()),
    ])
      cpSync(join(ROOT, name), join(root, name), { recursive: true, dereference: true });
    const app = await pack(root);
    const archive = join(app, 'resources', 'app.asar');
    const folder = join(root, 'extracted');
    extractAll(archive, folder);
    const isFile = (name: string): boolean => !('files' in statFile(archive, name.slice(1)));
    const files = listPackage(archive, { isPack: false }).filter(isFile);
    const isUnpacked = (name: string): boolean => {
      const entry = statFile(archive, name.slice(1));
      return 'unpacked' in entry && entry.unpacked === true;
    };
    return {
      files: files.map(withSlashes),
      unpacked: files.filter(isUnpacked).map(withSlashes),
      folder,
      remove: () => removeFolder(root),
    };
  } catch (error) {
    removeFolder(root);
    throw error;
  } finally {
    built.remove();
  }
};

/** The folders below node_modules that electron-builder.yml names. */
const packagesTaken = async (): Promise<readonly string[]> => {
  const { files } = await getConfig(ROOT, 'electron-builder.yml', null);
  const sets = Array.isArray(files) ? files : [];
  return sets.flatMap((set) => (typeof set === 'object' && typeof set.from === 'string' ? [set.from] : []));
};

const withSlashes = (name: string): string => name.slice(1).replaceAll('\\', '/');

/** @returns the folder of the packed app */
const pack = async (root: string): Promise<string> => {
  const electronDist = join(root, 'stub');
  mkdirSync(join(electronDist, 'resources'), { recursive: true });
  for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']) {
    copyFileSync('/bin/true', join(electronDist, name));
    chmodSync(join(electronDist, name), 0o755);
  }
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html'])
    writeFileSync(join(electronDist, name), '');
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir', process.arch === 'arm64' ? Arch.arm64 : Arch.x64),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronDist,
      electronFuses: null,
      publish: null,
      directories: { output: join(root, 'dist') },
    },
  });
  return join(root, 'dist', process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
};
