import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
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
  return (
    <div className="pause">
      <div className="pause-buttons">
        {isPaused(state.settings.pause, now) ? (
          <Button key="resume" look="strong" onPress={() => void ask('resume', null)}>
            Resume
          </Button>
        ) : (
          <>
            <Button key="pause" look="strong" onPress={() => void ask('pause', 'until_resumed')}>
              Pause
            </Button>
            <MenuTrigger>
              <Button aria-label="Pause until a time">until…</Button>
              <Popover placement="bottom end" className="popover">
                <Menu className="menu" aria-label="Pause">
                  <MenuItem className="menu-item" onAction={() => void ask('pause', 'hour')}>
                    For an hour
                  </MenuItem>
                  <MenuItem className="menu-item" onAction={() => void ask('pause', 'tonight')}>
                    Until tonight, {tonightWords(state.settings, formats)}
                  </MenuItem>
                  <MenuItem className="menu-item" onAction={() => void ask('pause', 'until_resumed')}>
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
