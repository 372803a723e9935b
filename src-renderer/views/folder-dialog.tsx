import { useState, type DragEvent, type ReactNode } from 'react';
import type { PageFolder } from '../../shared/bridge/calls.ts';
import { useAsk, useBridge } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';

interface Props {
  readonly single: boolean;
  readonly canDrop: boolean;
  /** What is wrong with the folders that were taken last. */
  readonly problem: string | null;
  readonly busy: boolean;
  readonly onTake: (refs: readonly string[]) => void;
  readonly onLook: () => void;
}

/** Opens the system's dialog, and takes folders that are dropped onto the page. */
export const FolderDialog = ({ single, canDrop, problem, busy, onTake, onLook }: Props): ReactNode => {
  const { dropped } = useBridge();
  const { ask, busy: isOpen, problem: cannotOpen } = useAsk();
  const [isOver, setOver] = useState(false);
  const [isNoFolder, setNoFolder] = useState(false);

  const take = (folders: readonly PageFolder[]): void => onTake(folders.map(({ ref }) => ref));
  const choose = async (): Promise<void> => {
    setNoFolder(false);
    onLook();
    take((await ask('chooseFolders', null)) ?? []);
  };
  // React Aria's own drop zone keeps the File of a folder to itself, by which alone the preload knows where it lies.
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    onLook();
    const folders = (await dropped?.([...event.dataTransfer.files])) ?? [];
    setNoFolder(folders.length === 0);
    take(folders);
  };
  const dropping =
    canDrop && dropped !== undefined
      ? {
          onDragEnter: () => setOver(true),
          onDragLeave: (event: DragEvent) => {
            const to = event.relatedTarget;
            if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
          },
          onDragOver: (event: DragEvent) => event.preventDefault(),
          onDrop: (event: DragEvent) => void drop(event),
        }
      : undefined;

  return (
    <section
      className="browser dialog-choice"
      aria-label="Choosing folders"
      data-over={isOver || undefined}
      {...dropping}
    >
      <div className="browser-foot">
        <Button look="strong" isPending={isOpen || busy} onPress={() => void choose()}>
          {single ? 'Choose a folder …' : 'Choose folders …'}
        </Button>
        {dropping === undefined ? null : (
          <p className="hint">{single ? 'Or drop it here.' : 'Or drop them here.'}</p>
        )}
      </div>
      <Problem text={cannotOpen ?? (isNoFolder ? NO_FOLDER : problem)} />
    </section>
  );
};

const NO_FOLDER = 'There was no folder among that. Drop the folder that your files are in.';
