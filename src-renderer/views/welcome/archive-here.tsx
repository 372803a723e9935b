import { useEffect, useState, type ReactNode } from 'react';
import { BridgeError } from '../../../shared/bridge/bridge.ts';
import type { ArchiveHere } from '../../../shared/bridge/calls.ts';
import type { PageArchive } from '../../../shared/bridge/state.ts';
import { useAsk, useBridge } from '../../bridge/context.tsx';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { ArchiveFacts } from '../archive-facts.tsx';
import { FolderChoice } from '../folder-choice.tsx';

interface Place {
  /** null: where the program keeps everything else. */
  readonly ref: string | null;
  readonly facts: ArchiveHere;
}

interface Props {
  readonly archive: PageArchive | null;
  readonly onNext: () => void;
}

/** The archive on this computer: in which folder, with how much room. */
export const Here = ({ archive, onNext }: Props): ReactNode => {
  const { call } = useBridge();
  const looking = useAsk();
  const using = useAsk();
  const [place, setPlace] = useState<Place | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  /** Chosen before, and nothing else since. */
  const chosen = archive?.kind === 'here' && place === null ? archive : null;
  const isChosen = chosen !== null;
  const { ask } = looking;
  useEffect(() => {
    if (isChosen) return undefined;
    let isCurrent = true;
    void ask('archiveHere', null).then((facts) => {
      if (isCurrent && facts !== undefined) setPlace((was) => was ?? { ref: null, facts });
    });
    return () => {
      isCurrent = false;
    };
  }, [ask, isChosen]);

  const take = async ([ref]: readonly string[]): Promise<string | null> => {
    if (ref === undefined) return null;
    try {
      setPlace({ ref, facts: await call('archiveHere', ref) });
    } catch (error) {
      if (error instanceof BridgeError) return error.message;
      throw error;
    }
    setChoosing(false);
    setRefusal(null);
    return null;
  };
  const use = async (): Promise<void> => {
    setRefusal(null);
    if (chosen !== null) return onNext();
    const result = await using.ask('useArchiveHere', place?.ref ?? null);
    if (result === undefined) return;
    if (result.ok) onNext();
    else setRefusal(result.message);
  };

  const facts = chosen ?? (place === null ? null : { kind: 'here' as const, ...place.facts });
  return (
    <section className="card card-form archive-here" aria-label="The archive on this computer">
      {facts === null ? null : <ArchiveFacts archive={facts} />}
      {isChoosing ? <FolderChoice single take={take} /> : null}
      <Problem text={looking.problem ?? using.problem ?? refusal} />
      <div className="step-foot">
        <Button look="strong" isPending={using.busy} onPress={() => void use()}>
          Keep it here and continue
        </Button>
        <Button onPress={() => setChoosing(!isChoosing)}>
          {isChoosing ? 'Leave it there' : 'Choose another folder'}
        </Button>
      </div>
    </section>
  );
};
