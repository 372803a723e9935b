import { toPageSchema, type Bridge } from '../../shared/bridge/bridge.ts';
import type { DesktopDoor } from '../../shared/ipc.ts';
import { createCalling } from './calling.ts';

/** The bridge over Electron's channels, through the one door that the preload left open. */
export const createDesktopBridge = (door: DesktopDoor): Bridge => {
  const calling = createCalling((message) => {
    door.ask(message);
    return true;
  });
  door.listen(
    // Built together with this page; checked all the same, as whatever comes is.
    (message) => calling.hear(toPageSchema.parse(message)),
    (link) => {
      // What was asked while the engine was away is answered by main itself.
      calling.tellLink(link);
    },
  );
  return {
    call: calling.call,
    onState: calling.onState,
    onLink: calling.onLink,
    dropped: door.dropped,
  };
};
