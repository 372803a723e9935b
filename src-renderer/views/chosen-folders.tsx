import type { ReactNode } from 'react';
import type { PageLibrary } from '../../shared/bridge/state.ts';
import { useAsk } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';

/** The folders that were chosen, each with how to take it out again. */
export const ChosenFolders = ({ libraries }: { readonly libraries: readonly PageLibrary[] }): ReactNode => {
  const { ask, problem } = useAsk();
  return (
    <>
      <ul className="chosen" aria-label="Chosen folders">
        {libraries.map(({ id, path, trouble }) => (
          <li key={id}>
            <span className="chosen-words">
              <bdi className="path">{path}</bdi>
              {trouble === null ? null : <span className="problem">{trouble}</span>}
            </span>
            <Button aria-label={`Take out ${path}`} onPress={() => void ask('forgetLibrary', id)}>
              Take out
            </Button>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
    </>
  );
};
