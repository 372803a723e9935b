import type { OpenDialogOptions, OpenDialogReturnValue, Shell } from 'electron';
import type { CallInput, CallOutput, PageFolder, ShellCallName } from '../../../shared/bridge/calls.ts';
import type { Capabilities, Preferences, SomePreferences } from '../../../shared/bridge/shell.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Engine } from '../engine/supervisor.ts';

/** What main does for the page itself; preferences only where they are kept. */
export type ShellCalls = {
  readonly [N in ShellCallName]?: (input: CallInput<N>) => Promise<CallOutput<N>> | CallOutput<N>;
};

/** The file is not there, or its name cannot be given to the system. */
class CannotRevealError extends EngineError {
  readonly code = 'cannot_reveal';
}

export const createShellCalls = (deps: {
  readonly engine: Pick<Engine, 'offer' | 'placeOf'>;
  /** Over the window, where it is there. */
  readonly showOpenDialog: (
    options: OpenDialogOptions,
  ) => Promise<Pick<OpenDialogReturnValue, 'canceled' | 'filePaths'>>;
  readonly showItemInFolder: Shell['showItemInFolder'];
  readonly capabilities: () => Promise<Capabilities> | Capabilities;
  readonly preferences?: {
    readonly read: () => Preferences;
    readonly change: (some: SomePreferences) => Preferences;
  };
}): ShellCalls => ({
  capabilities: deps.capabilities,
  chooseFolders: async () => {
    const { canceled, filePaths } = await deps.showOpenDialog({
      title: 'Where is your music?',
      buttonLabel: 'Choose',
      properties: ['openDirectory', 'multiSelections'],
    });
    return canceled ? [] : offered(deps.engine, filePaths);
  },
  reveal: async (track) => {
    const place = await deps.engine.placeOf(track);
    if (place === undefined)
      throw new CannotRevealError('This file cannot be shown: it is not known where it lies now.', { track });
    deps.showItemInFolder(place);
    return null;
  },
  ...(deps.preferences === undefined
    ? {}
    : { preferences: deps.preferences.read, changePreferences: deps.preferences.change }),
});

/** References for those of them that are folders. */
export const offered = async (
  engine: Pick<Engine, 'offer'>,
  paths: readonly string[],
): Promise<PageFolder[]> => {
  const folders = await Promise.all(paths.map((path) => engine.offer(path)));
  return folders.filter((folder) => folder !== undefined);
};
