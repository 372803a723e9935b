import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import {
  ASKED_BY_PAGE,
  TOLD_BY_PAGE,
  type AskedByPage,
  type ToldByPage,
  type ToldToPage,
} from '../../../shared/ipc.ts';
import { EngineError } from '../../engine/errors.ts';

/** What came by a channel came from elsewhere than the page, or was not of the contract. */
export class RefusedMessageError extends EngineError {
  readonly code = 'message_refused';
}

type Sender = Pick<IpcMainEvent, 'sender' | 'senderFrame'>;

/** What is to be done with what comes; the sender and the arguments were checked before. */
export interface IpcDeeds {
  readonly isPage: (event: Sender) => boolean;
  readonly told: { readonly [N in keyof ToldByPage]: (...message: ToldByPage[N]) => void };
  readonly asked: {
    readonly [N in keyof AskedByPage]: (
      ...input: AskedByPage[N]['input']
    ) => Promise<AskedByPage[N]['output']>;
  };
  /** Somebody tried what the page never does. */
  readonly onRefused: (error: RefusedMessageError) => void;
}

/** Serves every channel of the contract and no other. Nothing else of ours touches ipcMain. */
export const serveIpc = (deeds: IpcDeeds): void => {
  const checked = (channel: string, schema: z.ZodType, event: Sender, message: unknown): unknown[] => {
    if (!deeds.isPage(event)) throw refused(channel, 'it does not come from the page', event);
    const { data, success } = schema.safeParse(message);
    if (!success) throw refused(channel, 'its arguments are none that this channel takes', event);
    return data as unknown[];
  };
  const serveTold = <N extends keyof ToldByPage>(channel: N): void => {
    ipcMain.on(channel, (event, ...message: unknown[]) => {
      try {
        deeds.told[channel](...(checked(channel, TOLD_BY_PAGE[channel], event, message) as ToldByPage[N]));
      } catch (error) {
        if (!(error instanceof RefusedMessageError)) throw error;
        deeds.onRefused(error);
      }
    });
  };
  const serveAsked = <N extends keyof AskedByPage>(channel: N): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...input: unknown[]) => {
      try {
        return deeds.asked[channel](
          ...(checked(channel, ASKED_BY_PAGE[channel], event, input) as AskedByPage[N]['input']),
        );
      } catch (error) {
        if (error instanceof RefusedMessageError) deeds.onRefused(error);
        throw error;
      }
    });
  };
  serveTold('listen');
  serveTold('ask');
  serveAsked('dropped');
};

const refused = (channel: string, why: string, { senderFrame }: Sender): RefusedMessageError =>
  new RefusedMessageError(`A message by ${channel} was refused: ${why}.`, {
    channel,
    from: senderFrame?.url ?? 'a frame that is gone',
  });

/** To the page, where it is there to hear it. */
export const tellPage = <N extends keyof ToldToPage>(
  contents: {
    readonly isDestroyed: () => boolean;
    readonly send: (channel: string, ...args: unknown[]) => void;
  },
  channel: N,
  ...message: ToldToPage[N]
): void => {
  if (!contents.isDestroyed()) contents.send(channel, ...message);
};
