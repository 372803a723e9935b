import type { Capabilities } from '../../../shared/bridge/shell.ts';

const CAPABILITIES: Capabilities = {
  folders: 'browser',
  drop: false,
  reveal: false,
  preferences: false,
  battery: false,
  secrets: 'memory',
};

/** What the program around the engine does for a page on loopback: it has no desktop to do anything with. */
export const WEB_SHELL_CALLS = { capabilities: (): Capabilities => CAPABILITIES } as const;
