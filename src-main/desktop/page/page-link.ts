import type { FromPage, Link, ToPage } from '../../../shared/bridge/bridge.ts';
import { SHELL_CALLS } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { answer } from '../../engine/host/answer.ts';
import { troubleOf } from '../../engine/host/troubles.ts';
import type { ShellCalls } from './shell-calls.ts';

/** Main's end of the bridge to the page. */
export interface PageLink {
  /** The page is there, perhaps anew. */
  readonly listens: () => void;
  readonly asks: (message: FromPage) => void;
  readonly showState: (state: PageState) => void;
  readonly showLink: (link: Link) => void;
}

const isForMain = (call: string): boolean => SHELL_CALLS.some((name) => name === call);

export const createPageLink = (deps: {
  readonly tell: (message: ToPage) => void;
  readonly tellLink: (link: Link) => void;
  readonly shellCalls: ShellCalls;
  readonly askEngine: (message: FromPage) => Promise<ToPage | undefined>;
  readonly onFault: (error: unknown) => void;
}): PageLink => {
  let state: PageState | undefined;
  let link: Link = 'down';
  const sayState = (): void => {
    if (state !== undefined) deps.tell({ kind: 'state', state });
  };

  const fromEngine = async (message: FromPage): Promise<ToPage | undefined> => {
    try {
      return await deps.askEngine(message);
    } catch (error) {
      return { kind: 'refused', id: message.id, error: troubleOf(error) };
    }
  };
  const answered = async (message: FromPage): Promise<ToPage | undefined> => {
    if (isForMain(message.call)) return answer(deps.shellCalls, message, deps.onFault);
    return fromEngine(message);
  };

  return {
    listens: () => {
      sayState();
      deps.tellLink(link);
    },
    asks: (message) => {
      void answered(message).then((told) => (told === undefined ? undefined : deps.tell(told)), deps.onFault);
    },
    showState: (next) => {
      state = next;
      sayState();
    },
    showLink: (next) => {
      link = next;
      deps.tellLink(link);
    },
  };
};
