import { useEffect, useState, type ReactNode } from 'react';
import type { Preferences, SomePreferences } from '../../../shared/bridge/shell.ts';
import { useAsk } from '../../bridge/context.tsx';
import { Choice } from '../../controls/choice.tsx';
import { Problem } from '../../controls/problem.tsx';
import { Toggle } from '../../controls/toggle.tsx';
import { Part } from './part.tsx';

const THEMES: readonly { readonly value: Preferences['theme']; readonly title: string }[] = [
  { value: 'system', title: 'As the system has it' },
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
];

/** What only the desktop app has. */
export const ThisApp = (): ReactNode => {
  const { ask, problem } = useAsk();
  const [preferences, setPreferences] = useState<Preferences | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void ask('preferences', null).then((told) => {
      if (isCurrent && told !== undefined) setPreferences(told);
    });
    return () => {
      isCurrent = false;
    };
  }, [ask]);
  /** What is shown is what was kept, not what was wished for. */
  const change = async (some: SomePreferences): Promise<void> => {
    const kept = await ask('changePreferences', some);
    if (kept !== undefined) setPreferences(kept);
  };
  return (
    <>
      <Problem text={problem} />
      {preferences === null ? null : (
        <>
          <Part title="Light or dark" words="How this window looks.">
            <Choice
              label="Light or dark"
              value={preferences.theme}
              onChange={(theme) => void change({ theme })}
              options={THEMES}
            />
          </Part>
          <Part title="This app" words="What it may do on this computer.">
            <Toggle
              isSelected={preferences.startAtLogin}
              onChange={(startAtLogin) => void change({ startAtLogin })}
            >
              Start when I log in
            </Toggle>
            <Toggle isSelected={preferences.keepAwake} onChange={(keepAwake) => void change({ keepAwake })}>
              Keep the computer awake while something is sent
            </Toggle>
            <Toggle
              isSelected={preferences.notifications}
              onChange={(notifications) => void change({ notifications })}
            >
              Tell me when all is done or something needs me
            </Toggle>
          </Part>
        </>
      )}
    </>
  );
};
