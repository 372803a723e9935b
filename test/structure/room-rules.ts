import { builtinModules } from 'node:module';
import { posix } from 'node:path';

/** Source texts by path from the top of the project, with `/`. */
export type Tree = ReadonlyMap<string, string>;

type Room = 'shared' | 'server' | 'engine' | 'shell' | 'headless' | 'desktop' | 'page';

interface Rule {
  readonly rooms: readonly Room[];
  /** Packages and Node modules that are forbidden; tested against the bare name, without `node:`. */
  readonly forbidden: readonly RegExp[];
  readonly forbidsAllOfNode: boolean;
  readonly mayStartProcesses: boolean;
}

const ELECTRON = /^electron($|[/-])/;
const PROCESSES = /^(child_process|cluster)$/;

const rule = (rooms: readonly Room[], options: Partial<Omit<Rule, 'rooms'>> = {}): Rule => ({
  rooms,
  forbidden: [ELECTRON],
  forbidsAllOfNode: false,
  mayStartProcesses: false,
  ...options,
});

const RULES: Readonly<Record<Room, Rule>> = {
  shared: rule(['shared'], { forbidsAllOfNode: true }),
  server: rule(['server', 'shared']),
  engine: rule(['engine', 'shared']),
  shell: rule(['shell', 'engine', 'shared', 'server']),
  headless: rule(['headless', 'shell', 'engine', 'shared', 'server'], { mayStartProcesses: true }),
  desktop: rule(['desktop', 'shell', 'engine', 'shared', 'server'], {
    forbidden: [],
    mayStartProcesses: true,
  }),
  page: rule(['page', 'shared'], { forbidsAllOfNode: true }),
};

/** The room of a file; main.ts and preload.ts at the top of src-main are the desktop's two doors. */
const roomOf = (path: string): Room | undefined => {
  if (path.startsWith('shared/')) return 'shared';
  if (path.startsWith('server/')) return 'server';
  if (path.startsWith('src-renderer/')) return 'page';
  if (path.startsWith('src-main/engine/')) return 'engine';
  if (path.startsWith('src-main/shell/')) return 'shell';
  if (path.startsWith('src-main/headless/')) return 'headless';
  if (/^src-main\/(desktop\/|[^/]+$)/.test(path)) return 'desktop';
  return undefined;
};

/** Blanks comments, and keeps strings, templates and regular expressions as they are. */
export const withoutComments = (text: string): string =>
  text.replaceAll(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/g,
    (token) => (token.startsWith('/*') || token.startsWith('//') ? ' ' : token),
  );

const QUOTED = `(['"\`])((?:\\\\.|(?!\\1)[^\\\\])*)\\1`;
const IMPORTS: readonly RegExp[] = [
  new RegExp(`\\bfrom\\s*${QUOTED}`, 'g'),
  new RegExp(`\\bimport\\s*${QUOTED}`, 'g'),
  new RegExp(`\\b(?:import|require|resolve)\\s*\\(\\s*${QUOTED}`, 'g'),
];
const FILE_URL = new RegExp(
  `\\bnew\\s+URL\\(\\s*${QUOTED}\\s*,\\s*import\\.meta\\.(?:url|dirname|filename)`,
  'g',
);

const specifiersOf = (code: string): readonly string[] =>
  IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[2] ?? '')).filter(
    (specifier) => !specifier.includes('${'),
  );

const filesNamedByUrl = (code: string): readonly string[] =>
  [...code.matchAll(FILE_URL)].map((match) => match[2] ?? '');

const isComputedImport = (code: string): boolean =>
  /\bimport\s*\(\s*(?!['"`\s])/.test(code) || /\bimport\s*\(\s*`[^`]*\$\{/.test(code);

const isNodeModule = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);

/**
 * Every place where a file reaches into a room it must not know.
 * @returns one sentence each, beginning with the file's path; empty when all is well
 */
export const breaches = (tree: Tree): readonly string[] =>
  [...tree].flatMap(([path, text]) => {
    const room = roomOf(path);
    if (!room) return [`${path} stands in no room`];
    const code = withoutComments(text);
    return [
      ...specifiersOf(code).flatMap((specifier) => breachesOfImport(path, room, specifier)),
      ...filesNamedByUrl(code).flatMap((target) => breachesOfPath(path, room, `./${target}`)),
      ...breachesOfCode(path, room, code),
    ];
  });

const breachesOfImport = (path: string, room: Room, specifier: string): readonly string[] => {
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('file:'))
    return breachesOfPath(path, room, specifier);
  const { forbidden, forbidsAllOfNode, mayStartProcesses } = RULES[room];
  const name = specifier.replace(/^node:/, '');
  const refused =
    (forbidsAllOfNode && isNodeModule(specifier)) ||
    (!mayStartProcesses && PROCESSES.test(name)) ||
    forbidden.some((pattern) => pattern.test(name));
  return refused ? [`${path} imports ${specifier}, which ${room} must not know`] : [];
};

const breachesOfPath = (path: string, room: Room, specifier: string): readonly string[] => {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const other = specifier.startsWith('.') ? roomOf(target) : undefined;
  return other !== undefined && RULES[room].rooms.includes(other)
    ? []
    : [`${path} reaches ${target}, which ${room} must not know`];
};

const breachesOfCode = (path: string, room: Room, code: string): readonly string[] => [
  ...(isComputedImport(code) ? [`${path} imports something that is only known when it runs`] : []),
  ...(!RULES[room].mayStartProcesses && /\bexecPath\b/.test(code)
    ? [`${path} uses process.execPath, which only a shell may`]
    : []),
];
