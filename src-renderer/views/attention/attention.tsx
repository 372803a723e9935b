import type { ReactNode } from 'react';
import type { PageFailureGroup } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { useCapabilities } from '../../bridge/capabilities.ts';
import { useAsk } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { attentionSentence, LEFT_OUT_HEADINGS } from '../../words/attention.ts';
import { Pieces } from '../the-sentence.tsx';
import { Group, type GroupDeeds } from './group.tsx';
import { useFailures } from './use-failures.ts';

export const Attention = ({ state }: { readonly state: PageState }): ReactNode => {
  const { failed, skipped } = state.standing;
  const { groups, problem } = useFailures(`${failed} ${skipped}`);
  const canReveal = useCapabilities()?.reveal === true;
  const doing = useAsk();
  const deeds: GroupDeeds = {
    retry: (code) => void doing.ask('retry', code),
    ignore: (code) => void doing.ask('ignore', code),
    ...(canReveal ? { reveal: (track: number) => void doing.ask('reveal', track) } : {}),
  };

  const of = (wanted: PageFailureGroup['state'], count: number): readonly PageFailureGroup[] =>
    count === 0 ? [] : (groups ?? []).filter((group) => group.state === wanted);
  const needing = of('failed', failed);
  /** By their causes: without one, what a person left out would be taken back with them. */
  const retryAll = async (): Promise<void> => {
    // What went wrong with one of them stays to be read.
    for (const code of new Set(needing.map((group) => group.code)))
      if ((await doing.ask('retry', code)) === undefined) return;
  };
  const { headline, below } = attentionSentence(state, formats);
  return (
    <>
      <div className="opening">
        <div className="opening-words">
          <h1 className="sentence">
            <Pieces pieces={headline} />
          </h1>
          <p className="below">{below}</p>
        </div>
        {needing.length > 1 ? (
          <Button look="strong" onPress={() => void retryAll()}>
            Retry all
          </Button>
        ) : null}
      </div>
      <Problem text={problem ?? doing.problem} />
      <Groups groups={needing} deeds={deeds} />
      {(['ignored', 'skipped'] as const).map((which) => {
        const leftOut = of(which, skipped);
        return leftOut.length === 0 ? null : (
          <section key={which} className="left-out">
            <h2>{LEFT_OUT_HEADINGS[which]}</h2>
            <Groups groups={leftOut} deeds={deeds} />
          </section>
        );
      })}
    </>
  );
};

interface GroupsProps {
  readonly groups: readonly PageFailureGroup[];
  readonly deeds: GroupDeeds;
}

const Groups = ({ groups, deeds }: GroupsProps): ReactNode => (
  <ul className="groups">
    {groups.map((group) => (
      <li key={group.code + group.message} className="card">
        <Group group={group} deeds={deeds} />
      </li>
    ))}
  </ul>
);
