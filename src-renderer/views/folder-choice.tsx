import { useState, type DragEvent, type ReactNode } from 'react';
import type { PageFolder } from '../../shared/bridge/calls.ts';
import { useCapabilities } from '../bridge/capabilities.ts';
import { useAsk, useBridge } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';
import { FolderBrowser } from './folder-browser.tsx';

interface Props {
  readonly onAdded?: () => void;
}

/** How folders are chosen here: by the system's dialog, or by looking through those of the computer that serves the page. */
export const FolderChoice = (props: Props): ReactNode => {
  switch (useCapabilities()?.folders) {
    case undefined:
      return null;
    case 'dialog':
      return <FolderDialog {...props} />;
    case 'browser':
      return <FolderBrowser {...props} />;
  }
};

const FolderDialog = ({ onAdded }: Props): ReactNode => {
  const { dropped } = useBridge();
  const { ask, busy, problem } = useAsk();
  const [refusal, setRefusal] = useState<string | null>(null);

  const add = async (folders: readonly PageFolder[]): Promise<void> => {
    const results = [];
    // One after the other: each is held against those before it.
    for (const { ref } of folders) results.push(await ask('addLibrary', ref));
    const refused = results.find((result) => result?.ok === false);
    setRefusal(refused?.ok === false ? refused.message : null);
    if (results.some((result) => result?.ok === true)) onAdded?.();
  };
  const choose = async (): Promise<void> => add((await ask('chooseFolders', null)) ?? []);
  // React Aria's own drop zone keeps the File of a folder to itself, by which alone the preload knows where it lies.
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    await add((await dropped?.([...event.dataTransfer.files])) ?? []);
  };

  return (
    <section className="browser" aria-label="Choosing folders">
      <div
        className="browser-foot"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => void drop(event)}
      >
        <Button look="strong" isPending={busy} onPress={() => void choose()}>
          Choose folders …
        </Button>
        <p className="hint">Or drop them here.</p>
      </div>
      <Problem text={problem ?? refusal} />
    </section>
  );
};
