import type { FromPage, Link, ToPage } from '../../../shared/bridge/bridge.ts';
import { SHELL_CALLS } from '../../../shared/bridge/calls.ts';
import { idSchema } from '../../../shared/bridge/fields.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { answer } from '../../engine/host/answer.ts';
import { troubleOf } from '../../engine/host/troubles.ts';
import type { OwnNotices } from './notices.ts';
import type { ShellCalls } from './shell-calls.ts';

/** Main's end of the bridge to the page. */
export interface PageLink {
  /** The page is there, perhaps anew. */
  readonly listens: () => void;
  readonly asks: (message: FromPage) => void;
  readonly showState: (state: PageState) => void;
  readonly showLink: (link: Link) => void;
  /** Says once more what was said last, with what main has to say now. */
  readonly refresh: () => void;
}

const isForMain = (call: string): boolean => SHELL_CALLS.some((name) => name === call);

export const createPageLink = (deps: {
  readonly tell: (message: ToPage) => void;
  readonly tellLink: (link: Link) => void;
  readonly shellCalls: ShellCalls;
  readonly askEngine: (message: FromPage) => Promise<ToPage | undefined>;
  readonly notices: OwnNotices;
  readonly onFault: (error: unknown) => void;
}): PageLink => {
  let state: PageState | undefined;
  let link: Link = 'down';
  const refresh = (): void => {
    if (state !== undefined) deps.tell({ kind: 'state', state: deps.notices.within(state) });
  };

  const dismissed = ({ id, call, input }: FromPage): ToPage | undefined => {
    const notice = call === 'dismiss' ? idSchema.safeParse(input).data : undefined;
    if (notice === undefined || !deps.notices.dismiss(notice)) return undefined;
    refresh();
    return { kind: 'done', id, output: null };
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
    return dismissed(message) ?? fromEngine(message);
  };

  return {
    listens: () => {
      refresh();
      deps.tellLink(link);
    },
    asks: (message) => {
      void answered(message).then((told) => (told === undefined ? undefined : deps.tell(told)), deps.onFault);
    },
    showState: (next) => {
      state = next;
      refresh();
    },
    showLink: (next) => {
      link = next;
      deps.tellLink(link);
    },
    refresh,
  };
};
