import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The checkout's top folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

const LEFT_OUT = new Set(['.git', 'node_modules', 'out', 'dist', 'coverage', '.lab']);

/**
 * The files that belong to the project, as paths from the top with `/`. Without git (a machine that has none, an
 * unpacked archive) everything that lies there but what is installed or built.
 */
export const trackedFiles = (): readonly string[] => {
  try {
    const listed = execFileSync('git', ['ls-files', '-z'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
    const files = listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
    if (files.length > 0) return files;
  } catch {
    // No git, or none that trusts this folder: the folder itself is asked.
  }
  return walk(ROOT);
};

const walk = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : walk(path);
    return entry.isFile() ? [relative(ROOT, path).split(sep).join('/')] : [];
  });
