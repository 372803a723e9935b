import { useState, type ReactNode } from 'react';
import type { PageFolder } from '../../shared/bridge/calls.ts';
import { useCapabilities } from '../bridge/capabilities.ts';
import { FolderBrowser } from './folder-browser.tsx';
import { FolderDialog } from './folder-dialog.tsx';

type Ref = PageFolder['ref'];

interface Props {
  /** Only one is wanted; of several that are chosen the first one is taken. */
  readonly single?: boolean;
  /** Resolves to what is wrong with them, in words; null: they were taken. */
  readonly take: (folders: readonly Ref[]) => Promise<string | null>;
}

/** How folders are chosen here: by the system's dialog, or by looking through those of the computer that serves the page. */
export const FolderChoice = ({ single = false, take }: Props): ReactNode => {
  const capabilities = useCapabilities();
  const [{ busy, problem }, setOutcome] = useState<{
    readonly busy: boolean;
    readonly problem: string | null;
  }>({ busy: false, problem: null });
  const onTake = async (refs: readonly Ref[]): Promise<void> => {
    const wanted = single ? refs.slice(0, 1) : refs;
    if (wanted.length === 0) return;
    setOutcome({ busy: true, problem: null });
    setOutcome({ busy: false, problem: await take(wanted) });
  };
  const common = { problem, busy, onLook: () => setOutcome((was) => ({ ...was, problem: null })) };

  switch (capabilities?.folders) {
    case undefined:
      return null;
    case 'dialog':
      return (
        <FolderDialog
          {...common}
          single={single}
          canDrop={capabilities?.drop === true}
          onTake={(refs) => void onTake(refs)}
        />
      );
    case 'browser':
      return <FolderBrowser {...common} onTake={(ref) => void onTake([ref])} />;
  }
};
