import type { ReactNode } from 'react';
import { BridgeError } from '../../shared/bridge/bridge.ts';
import { useBridge } from '../bridge/context.tsx';
import { FolderChoice } from './folder-choice.tsx';

/** Chooses folders with music; they are archived from then on. */
export const AddFolders = ({ onAdded }: { readonly onAdded?: () => void }): ReactNode => {
  const { call } = useBridge();
  const take = async (refs: readonly string[]): Promise<string | null> => {
    const problems: string[] = [];
    // One after the other: each is held against those before it.
    for (const ref of refs)
      try {
        const result = await call('addLibrary', ref);
        if (!result.ok) problems.push(result.message);
      } catch (error) {
        if (!(error instanceof BridgeError)) throw error;
        problems.push(error.message);
      }
    if (problems.length < refs.length) onAdded?.();
    return problems.length === 0 ? null : problems.join(' ');
  };
  return <FolderChoice take={take} />;
};
