import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PageLibrary } from '../../shared/bridge/state.ts';
import { useAsk } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';

interface Props {
  readonly libraries: readonly PageLibrary[];
  /** Whether there is something to lose: then one is asked once more before a folder is taken out. */
  readonly asksBefore?: boolean;
}

/** The folders that were chosen, each with how to take it out again. */
export const ChosenFolders = ({ libraries, asksBefore = false }: Props): ReactNode => {
  const { ask, problem } = useAsk();
  const [asked, setAsked] = useState<number | null>(null);
  const kept = useRef<number>(undefined);
  const keep = (id: number): void => {
    kept.current = id;
    setAsked(null);
  };
  /** The focus goes back to where the question came from. */
  const focusKept = (id: number) => (button: HTMLButtonElement | null) => {
    if (button === null || kept.current !== id) return;
    kept.current = undefined;
    button.focus();
  };
  return (
    <>
      <ul className="chosen" aria-label="Chosen folders">
        {libraries.map(({ id, path, trouble }) => (
          <li key={id}>
            <span className="chosen-words">
              <bdi className="path">{path}</bdi>
              {trouble === null ? null : <span className="problem">{trouble}</span>}
            </span>
            {asked === id ? (
              <Sure path={path} onSure={() => void ask('forgetLibrary', id)} onKeep={() => keep(id)} />
            ) : (
              <Button
                ref={focusKept(id)}
                aria-label={`Take out ${path}`}
                onPress={() => (asksBefore ? setAsked(id) : void ask('forgetLibrary', id))}
              >
                Take out
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Problem text={problem} />
    </>
  );
};

interface SureProps {
  readonly path: string;
  readonly onSure: () => void;
  readonly onKeep: () => void;
}

const Sure = ({ path, onSure, onKeep }: SureProps): ReactNode => {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const press = ({ key }: { readonly key: string }): void => {
    if (key === 'Escape') onKeep();
  };
  return (
    <span className="sure" role="group" aria-label={`Take out ${path}?`}>
      <Button onPress={onSure} onKeyDown={press}>
        Take it out
      </Button>
      <Button ref={keep} look="strong" onPress={onKeep} onKeyDown={press}>
        Keep it
      </Button>
    </span>
  );
};
