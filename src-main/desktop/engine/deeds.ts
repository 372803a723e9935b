import type { FromPage, ToPage } from '../../../shared/bridge/bridge.ts';
import type { PageFolder } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import type { ProcessName } from '../../../shared/launch.ts';
import type { Power } from '../../engine/transfer/schedule.ts';

/** What main and the engine's process do for each other. */

export interface EngineOptions {
  readonly dataFolder: string;
  readonly userAgent: string;
  /** What a person should read once, first of all. */
  readonly firstNotice?: string;
}

/** Done by the engine's process. */
export interface EngineDeeds {
  /** @throws where the data folder is somebody else's, or cannot be used */
  readonly open: (options: EngineOptions) => Promise<void>;
  readonly answer: (message: FromPage) => Promise<ToPage | undefined>;
  /** A reference for a folder that a person chose; undefined where there is no such folder. */
  readonly offer: (path: string) => Promise<PageFolder | undefined>;
  readonly cover: (wanted: {
    readonly name: string;
    readonly grey: boolean;
  }) => Promise<Uint8Array | undefined>;
  /** Where a track lies; undefined where it is not known, or its name is no text. */
  readonly placeOf: (track: number) => Promise<string | undefined>;
  readonly power: (power: Power) => void;
  readonly helperSaid: (said: { readonly helper: number; readonly message: unknown }) => void;
  readonly helperGone: (gone: { readonly helper: number; readonly reason: number | string }) => void;
  /** Lets what is under way finish for a moment, then lets the data folder go. */
  readonly close: () => Promise<void>;
}

/** Done by main. */
export interface MainDeeds {
  readonly state: (state: PageState) => void;
  /** With its stack, for the log. */
  readonly fault: (stack: string) => void;
  readonly getSecret: (name: string) => Promise<string | undefined>;
  readonly setSecret: (kept: { readonly name: string; readonly secret: string }) => Promise<void>;
  readonly forgetSecret: (name: string) => Promise<void>;
  readonly forgetSecretsBut: (name: string | undefined) => Promise<void>;
  /** Processes can be started by main only; the engine's numbers tell them apart. */
  readonly startHelper: (wanted: {
    readonly helper: number;
    readonly name: ProcessName;
    readonly heapMiB: number;
  }) => void;
  readonly tellHelper: (told: { readonly helper: number; readonly message: unknown }) => void;
  readonly endHelper: (helper: number) => void;
}
