import ignore, { type Ignore } from 'ignore';
import { LONGEST_EXCLUSION, MOST_EXCLUSIONS } from '../../../shared/settings.ts';
import { EngineError } from '../errors.ts';

/** A line that would leave out nothing, or not what it seems to. */
export class ExclusionError extends EngineError {
  readonly code = 'exclusion_unusable';
}

/** What a person left out of every library, by lines as in a .gitignore file; whatever the case of the letters. */
export interface Exclusions {
  /** Asked on the way down: what lies in a folder that is excluded is not asked for. `path` is a text
   * in NFC, with `/` between its parts. */
  readonly excludes: (path: string, isFolder: boolean) => boolean;
}

/** The library remembers every path that it was asked for. So many, and it may forget them. */
const MOST_REMEMBERED = 2_000;

/** Undefined: nothing is excluded. Lines that mean nothing are left aside. */
export const exclusionsOf = (lines: readonly string[]): Exclusions | undefined => {
  const usable = lines.filter((line) => !isIdle(line) && objectionTo(line) === undefined);
  if (usable.length === 0) return undefined;
  const rules = fresh().add(usable.map((line) => line.normalize('NFC')));
  let rememberer = fresh().add(rules);
  let asked = 0;
  return {
    excludes: (path, isFolder) => {
      asked += 1;
      if (asked % MOST_REMEMBERED === 0) rememberer = fresh().add(rules);
      return rememberer.ignores(isFolder ? `${path}/` : path);
    },
  };
};

/** @throws ExclusionError at the first line that cannot be understood */
export const checkExclusions = (lines: readonly string[]): void => {
  if (lines.length > MOST_EXCLUSIONS)
    throw new ExclusionError(
      `There are ${lines.length} lines to leave things out; ${MOST_EXCLUSIONS} are the most.`,
    );
  for (const line of lines) {
    const objection = isIdle(line) ? undefined : objectionTo(line);
    if (objection !== undefined)
      throw new ExclusionError(`The line "${line}" cannot be understood: ${objection}`, { line });
  }
};

const fresh = (): Ignore => ignore({ allowRelativePaths: true });

/** Blank, or a remark. */
const isIdle = (line: string): boolean => line.trim() === '' || line.startsWith('#');

const objectionTo = (line: string): string | undefined => {
  // eslint-disable-next-line no-control-regex -- none of them is ever typed on purpose
  if (/[\x00-\x1f]/.test(line)) return 'it holds more than one line, or a sign that cannot be seen.';
  if (line.length > LONGEST_EXCLUSION) return 'it is too long.';
  const pattern = line.replace(/^!/, '').trimEnd();
  if (/^\/*$/.test(pattern)) return 'it names nothing.';
  if (pattern.startsWith('~') || /^[a-z]:[\\/]/i.test(pattern))
    return 'lines begin at the music folder and not at a disk; write Podcasts/ or /Podcasts/Old/.';
  if (pattern.split('/').some((part) => part === '..' || part === '.'))
    return 'it leads out of the music folder; . and .. have no meaning here.';
  if (/(^|[^\\])(\\\\)*\\($|[\p{L}\p{N}])/u.test(pattern))
    return 'write / between folders; a backslash only stands before a sign with a meaning of its own, such as \\*.';
  const plain = pattern.replaceAll(/\\./g, '');
  if (plain.lastIndexOf('[') > plain.lastIndexOf(']'))
    return 'a [ has no ] that ends it; write \\[ for the sign.';
  return compiles(line) ? undefined : 'it is no pattern.';
};

const compiles = (line: string): boolean => {
  try {
    fresh().add(line).ignores('a/b');
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};
