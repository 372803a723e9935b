import { ipcRenderer } from 'electron';
import type { AskedByPage, ToldByPage, ToldToPage } from '../../../shared/ipc.ts';

/** The page's end of the channels; nothing else of ours touches ipcRenderer. */

export const tell = <N extends keyof ToldByPage>(channel: N, ...message: ToldByPage[N]): void =>
  ipcRenderer.send(channel, ...message);

export const ask = <N extends keyof AskedByPage>(
  channel: N,
  ...input: AskedByPage[N]['input']
): Promise<AskedByPage[N]['output']> =>
  ipcRenderer.invoke(channel, ...input) as Promise<AskedByPage[N]['output']>;

export const hear = <N extends keyof ToldToPage>(
  channel: N,
  listener: (...message: ToldToPage[N]) => void,
): void => {
  // The event would lead to the whole of ipcRenderer.
  ipcRenderer.on(channel, (_event, ...message) => listener(...(message as ToldToPage[N])));
};
