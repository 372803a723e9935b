import type { WebSocket } from 'ws';
import type { ToPage } from '../../../shared/bridge/bridge.ts';
import { answer } from '../../engine/host/answer.ts';
import type { Host } from '../../engine/host/host.ts';

/** A page that does not read gets no further states until it has caught up; each of them is the whole. */
const FULL_BYTES = 256 * 1024;
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const NOT_UNDERSTOOD = 1007;

/** Carries calls and states between one page and the host for as long as the socket lives. */
export const serveBridge = (
  socket: WebSocket,
  host: Pick<Host, 'calls' | 'onState'>,
  onFault: (error: unknown) => void,
): void => {
  const send = (message: ToPage): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const hear = async (text: string): Promise<void> => {
    const told = await answer(host.calls, parsed(text), onFault);
    if (told === undefined) socket.close(NOT_UNDERSTOOD, 'This is no message of a page.');
    else send(told);
  };
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(NOT_UNDERSTOOD, 'Messages are text.');
    // One message comes as one buffer unless told otherwise.
    void hear((data as Buffer).toString('utf8')).catch(onFault);
  });
  const stop = host.onState((state) => {
    if (socket.bufferedAmount < FULL_BYTES) send({ kind: 'state', state });
  });
  socket.on('close', stop);
  // A line that broke, or a message too long: the close that follows says the rest.
  socket.on('error', () => undefined);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
