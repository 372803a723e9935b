import { z } from 'zod';
import { fromPageSchema, type FromPage, type Link, type ToPage } from './bridge/bridge.ts';
import type { PageFolder } from './bridge/calls.ts';

/**
 * Every channel between the desktop's page and its main process. What comes from the page is checked against these
 * schemas, after its sender was; the preload takes only their types.
 */

const LONGEST_PATH = 32_768;
const MOST_DROPPED = 100;

/** From the page, without an answer of its own. */
export const TOLD_BY_PAGE = {
  /** The page is there and wants to hear everything from now on. */
  listen: z.tuple([]),
  /** A call of the bridge; its answer comes by `told`. */
  ask: z.tuple([fromPageSchema]),
};

/** From the page, each with an answer. */
export const ASKED_BY_PAGE = {
  /** Paths of what was dropped, which only the preload gets to know; the page gets references. */
  dropped: z.tuple([z.array(z.string().max(LONGEST_PATH)).max(MOST_DROPPED)]),
};

export interface ToldByPage {
  readonly listen: [];
  readonly ask: [message: FromPage];
}
export interface AskedByPage {
  readonly dropped: { readonly input: [paths: readonly string[]]; readonly output: readonly PageFolder[] };
}
/** To the page. */
export interface ToldToPage {
  readonly told: [message: ToPage];
  readonly link: [link: Link];
}

/** The one object that the preload gives to the page. */
export interface DesktopDoor {
  readonly ask: (message: FromPage) => void;
  readonly listen: (onMessage: (message: ToPage) => void, onLink: (link: Link) => void) => void;
  /** What can be chosen of folders that were dropped; files among them are left out. */
  readonly dropped: (files: readonly unknown[]) => Promise<readonly PageFolder[]>;
}
/** Its name on the page's window. */
export const DESKTOP_DOOR = 'ledgerline';
