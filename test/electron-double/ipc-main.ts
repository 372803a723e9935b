import type Electron from 'electron';
import { Emitter, type Without } from './emitter.ts';
import { world } from './world.ts';

export interface FromRenderer {
  readonly kind: 'send' | 'invoke';
  readonly channel: string;
  readonly args: readonly unknown[];
}
export type Answer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

class IpcMain extends Emitter implements Without<Electron.IpcMain, 'handle' | 'removeHandler'> {
  readonly #handlers = new Map<string, Handler>();
  handle(channel: string, listener: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`A second handler for '${channel}'`);
    this.#handlers.set(channel, listener);
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** A message of a page, as Electron delivers it. */
  async deliver(event: object, { kind, channel, args }: FromRenderer): Promise<Answer> {
    if (kind === 'send') {
      if (!this.emit(channel, event, ...args)) world.unheard.push(channel);
      return { ok: true, value: undefined };
    }
    try {
      const handler = this.#handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return { ok: true, value: await handler(event as Electron.IpcMainInvokeEvent, ...args) };
    } catch (error) {
      return { ok: false, message: `Error invoking remote method '${channel}': ${String(error)}` };
    }
  }
}

export const ipcMain = new IpcMain();
