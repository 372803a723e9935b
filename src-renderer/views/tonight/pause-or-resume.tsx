import { useEffect, useRef, type ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { CallInput } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useAsk } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { isPaused, tonightWords } from '../../words/settings.ts';

interface Props {
  readonly state: PageState;
  readonly now: number;
}

export const PauseOrResume = ({ state, now }: Props): ReactNode => {
  const { ask, problem } = useAsk();
  const paused = isPaused(state.settings.pause, now);
  const strong = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    // The button that was pressed is gone; the one in its place goes the other way.
    if (asked.current) strong.current?.focus();
    asked.current = false;
  }, [paused]);
  const press = async (...[name, input]: ['resume', null] | ['pause', CallInput<'pause'>]): Promise<void> => {
    asked.current = true;
    await ask(name, input);
  };
  return (
    <div className="pause">
      <div className="pause-buttons">
        {paused ? (
          <Button key="resume" ref={strong} look="strong" onPress={() => void press('resume', null)}>
            Resume
          </Button>
        ) : (
          <>
            <Button
              key="pause"
              ref={strong}
              look="strong"
              onPress={() => void press('pause', 'until_resumed')}
            >
              Pause
            </Button>
            <MenuTrigger>
              <Button aria-label="Pause until a time">until…</Button>
              <Popover placement="bottom end" className="popover">
                <Menu className="menu" aria-label="Pause">
                  <MenuItem className="menu-item" onAction={() => void press('pause', 'hour')}>
                    For an hour
                  </MenuItem>
                  <MenuItem className="menu-item" onAction={() => void press('pause', 'tonight')}>
                    {tonightWords(state.settings, now, formats)}
                  </MenuItem>
                  <MenuItem className="menu-item" onAction={() => void press('pause', 'until_resumed')}>
                    Until I resume
                  </MenuItem>
                </Menu>
              </Popover>
            </MenuTrigger>
          </>
        )}
      </div>
      <Problem text={problem} />
    </div>
  );
};
