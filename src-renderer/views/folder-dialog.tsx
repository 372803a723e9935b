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
  const [dropTrouble, setDropTrouble] = useState<string | null>(null);

  const take = (folders: readonly PageFolder[]): void => onTake(folders.map(({ ref }) => ref));
  const choose = async (): Promise<void> => {
    setDropTrouble(null);
    onLook();
    take((await ask('chooseFolders', null)) ?? []);
  };
  // React Aria's own drop zone keeps the File of a folder to itself, by which alone the preload knows where it lies.
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    onLook();
    const files = [...event.dataTransfer.files];
    try {
      const folders = (await dropped?.(files)) ?? [];
      setDropTrouble(folders.length === 0 ? NO_FOLDER : null);
      take(folders);
    } catch {
      // Main refuses what is more than its channel takes, and has its reason in the log.
      setDropTrouble(NOT_TAKEN);
    }
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
      <Problem text={cannotOpen ?? dropTrouble ?? problem} />
    </section>
  );
};

const NOT_TAKEN =
  'Nothing of that was taken. Drop a few folders at a time, or the folder that they are all in.';
const NO_FOLDER = 'There was no folder among that. Drop the folder that your files are in.';
