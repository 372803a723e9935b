import type { ReactNode } from 'react';
import type { TrackDetail } from '../../../shared/bridge/tracks.ts';
import { useAsk } from '../../bridge/context.tsx';
import { formats, useNow } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';

interface Props {
  readonly track: TrackDetail;
  readonly failure: NonNullable<TrackDetail['failure']>;
  readonly onDone: () => void;
}

/** Why a track is not archived, what to do, and how to try it again. */
export const Failure = ({ track, failure, onDone }: Props): ReactNode => {
  const { ask, busy, problem } = useAsk();
  const now = useNow();
  const { code, message, advice, attempts, nextTry } = failure;
  const retry = async (): Promise<void> => {
    if ((await ask('retryTrack', track.id)) !== undefined) onDone();
  };
  const retryAll = async (): Promise<void> => {
    if ((await ask('retry', code)) !== undefined) onDone();
  };
  // The message may say that it comes right by itself: nothing here may deny that.
  const next = nextTry === null ? '' : `It is tried again by itself ${formats.when(nextTry, now)}.`;
  const times = attempts === 1 ? 'once' : `${formats.count(attempts)} times`;
  return (
    <section className="card failure" aria-label="Why it is not archived">
      <div className="failure-words">
        <p>{message}</p>
        {advice === '' ? null : <p className="soft">{advice}</p>}
        <p className="hint">
          {attempts === 0 ? '' : `Tried ${times}. `}
          {next}
        </p>
        <Problem text={problem} />
      </div>
      {track.outcome === 'failed' ? (
        <div className="failure-deed">
          <Button look="strong" isPending={busy} onPress={() => void retry()}>
            Retry
          </Button>
          <Button look="quiet" isDisabled={busy} onPress={() => void retryAll()}>
            Retry all with this cause
          </Button>
        </div>
      ) : null}
    </section>
  );
};
