import type { PageState } from '../../../shared/bridge/state.ts';
import type { StoredPreferences } from '../preferences.ts';
import { withoutPerson } from './redact.ts';

export interface DiagnosticFacts {
  /** By what it is of: the program, Electron, Chromium, Node. */
  readonly versions: Readonly<Record<string, string>>;
  readonly system: string;
  readonly locale: string;
  readonly isPackaged: boolean;
  /** Why there are no updates, or how it stands with them. */
  readonly updates: string;
  readonly secrets: 'system' | 'memory';
  readonly preferences: StoredPreferences;
  /** undefined: the engine is away. */
  readonly state: PageState | undefined;
  readonly log: readonly string[];
  /** The person's own folder. */
  readonly home: string;
}

export const LOG_LINES = 50;

/** What helps somebody else to see what is wrong: no secrets, no names of files but those in the log. */
export const diagnostics = (facts: DiagnosticFacts): string => {
  const { versions, preferences, state, home } = facts;
  const { bounds: _bounds, closingTold: _told, ...wishes } = preferences;
  return [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    `${facts.system}, ${facts.locale}, ${facts.isPackaged ? 'packaged' : 'from its sources'}`,
    `Updates: ${facts.updates}`,
    `Log-ins are kept by: ${facts.secrets === 'system' ? 'the system' : 'nobody'}`,
    `Preferences: ${JSON.stringify(wishes)}`,
    ...(state === undefined ? ['The engine is away.'] : stateLines(state)),
    '',
    `The last lines of the log:`,
    ...facts.log.slice(-LOG_LINES).map((line) => withoutPerson(line, home)),
    '',
  ].join('\n');
};

const stateLines = ({ libraries, archive, standing, work, trouble, settings }: PageState): string[] => {
  const { archive: _where, exclusions, ...told } = settings;
  const away = libraries.filter((library) => library.trouble !== null).length;
  return [
    `Libraries: ${libraries.length}, of which ${away} cannot be reached`,
    `Archive: ${archive === null ? 'none' : archive.kind === 'here' ? 'on this computer' : 'on a server'}`,
    `Tracks: ${JSON.stringify(standing)}`,
    `Work: ${work === null ? 'none' : workLine(work)}`,
    `Trouble: ${trouble?.code ?? 'none'}`,
    `Settings: ${JSON.stringify({ ...told, exclusions: exclusions.length })}`,
  ];
};

const workLine = ({ gate, scanning, inFlight, ...rest }: NonNullable<PageState['work']>): string =>
  JSON.stringify({ gate: gate.reason ?? gate.state, scanning, inFlight: inFlight.length, ...rest });
