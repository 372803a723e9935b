import { useEffect, useRef, useState, type ReactNode } from 'react';
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components';
import type { Browsed } from '../../shared/bridge/calls.ts';
import { useAsk } from '../bridge/context.tsx';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';

const ROW_HEIGHT = 40;

interface Props {
  /** What is wrong with the folder that was taken last. */
  readonly problem: string | null;
  readonly busy: boolean;
  readonly onTake: (ref: string) => void;
  /** Somebody looks elsewhere: what was wrong is of no interest any more. */
  readonly onLook: () => void;
}

/** Goes through the folders of the computer that Ledgerline runs on, and takes one. */
export const FolderBrowser = ({ problem, busy, onTake, onLook }: Props): ReactNode => {
  const { ask, problem: cannotLook } = useAsk();
  const [seen, setSeen] = useState<Browsed | null>(null);

  useEffect(() => {
    let isCurrent = true;
    void ask('browse', null).then((found) => {
      if (isCurrent && found !== undefined) setSeen(found);
    });
    return () => {
      isCurrent = false;
    };
  }, [ask]);

  const open = async (ref: string | null): Promise<void> => {
    onLook();
    const found = await ask('browse', ref);
    if (found !== undefined) setSeen(found);
  };

  const here = seen?.here ?? null;
  return (
    <section className="browser" aria-label="Folders on the computer that Ledgerline runs on">
      <div className="browser-head">
        <Button
          isDisabled={here === null}
          aria-label="Up to the folder above"
          onPress={() => void open(seen?.parent ?? null)}
        >
          ↑ Up
        </Button>
        <p className="path" aria-live="polite">
          <bdi>{here === null ? 'Where to begin' : here.path}</bdi>
        </p>
      </div>
      <Folders seen={seen} onOpen={(ref) => void open(ref)} />
      <Problem text={cannotLook ?? problem} />
      <div className="browser-foot">
        <Button
          look="strong"
          isDisabled={here === null}
          isPending={busy}
          onPress={() => {
            if (here !== null) onTake(here.ref);
          }}
        >
          Choose this folder
        </Button>
        <p className="hint">{here === null ? 'Open a folder first.' : 'With everything in it.'}</p>
      </div>
    </section>
  );
};

const Folders = ({
  seen,
  onOpen,
}: {
  readonly seen: Browsed | null;
  readonly onOpen: (ref: string) => void;
}): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  const opened = useRef(false);
  const at = seen?.here?.ref;
  useEffect(() => {
    if (!opened.current) return undefined;
    opened.current = false;
    // The row that was opened had the focus, and is gone. The list hands it to its first row, which is drawn a frame later.
    const frame = requestAnimationFrame(() => list.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [at]);
  if (seen === null) return <div className="folders" />;
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW_HEIGHT }}>
      {/* A new list for each folder: it begins at its top. */}
      <GridList
        key={at ?? ''}
        ref={list}
        className="folders"
        aria-label="Folders in here"
        items={seen.folders}
        onAction={(key) => {
          opened.current = true;
          onOpen(String(key));
        }}
        renderEmptyState={() => <p className="quiet">{seen.trouble ?? 'No folders in here.'}</p>}
      >
        {({ ref, name }) => (
          <GridListItem id={ref} textValue={name} className="folder">
            <span className="folder-line">
              <FolderSign />
              <bdi title={name}>{name}</bdi>
            </span>
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
  );
};

const FolderSign = (): ReactNode => (
  <svg viewBox="0 0 18 14" width="18" height="14" aria-hidden="true" className="folder-sign">
    <path d="M1 12.2V1.8h5.2l1.6 2H17v8.4z" />
  </svg>
);
