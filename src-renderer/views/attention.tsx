import { useEffect, useState, type ReactNode } from 'react';
import type { PageFailureGroup } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { useAsk } from '../bridge/context.tsx';
import { formats } from '../clock.ts';
import { Button } from '../controls/button.tsx';
import { Problem } from '../controls/problem.tsx';
import { attentionSentence, moreWords, retryWords } from '../words/attention.ts';
import { tracks } from '../words/sentence.ts';
import { Pieces } from './the-sentence.tsx';

export const Attention = ({ state }: { readonly state: PageState }): ReactNode => {
  const { failed } = state.standing;
  const { ask, problem } = useAsk();
  const retrying = useAsk();
  const [groups, setGroups] = useState<readonly PageFailureGroup[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void ask('failures', null).then((found) => {
      if (isCurrent && found !== undefined) setGroups(found);
    });
    return () => {
      isCurrent = false;
    };
  }, [ask, failed]);

  const { headline, below } = attentionSentence(state, formats);
  const shown = failed === 0 ? [] : (groups ?? []);
  return (
    <>
      <div className="opening">
        <div className="opening-words">
          <h1 className="sentence">
            <Pieces pieces={headline} />
          </h1>
          <p className="below">{below}</p>
        </div>
        {shown.length > 1 ? (
          <Button look="strong" onPress={() => void retrying.ask('retry', null)}>
            Retry all
          </Button>
        ) : null}
      </div>
      <Problem text={problem ?? retrying.problem} />
      <ul className="groups">
        {shown.map((group) => (
          <li key={group.code + group.message} className="card">
            <Group group={group} onRetry={() => void retrying.ask('retry', group.code)} />
          </li>
        ))}
      </ul>
    </>
  );
};

interface GroupProps {
  readonly group: PageFailureGroup;
  readonly onRetry: () => void;
}

const Group = ({ group, onRetry }: GroupProps): ReactNode => {
  const { message, advice, count, examples } = group;
  const more = moreWords(count, examples.length, formats);
  return (
    <>
      <div className="group-head">
        <h2>
          <span className="dot dot-trouble" aria-hidden="true" />
          {tracks(count, formats)}
        </h2>
        <Button onPress={onRetry} aria-label={`${retryWords(count)}: ${message}`}>
          {retryWords(count)}
        </Button>
      </div>
      <p>{message}</p>
      {advice === '' ? null : <p className="soft">{advice}</p>}
      <ul className="examples">
        {examples.map(({ path }) => (
          <li key={path}>
            <bdi>{path}</bdi>
          </li>
        ))}
        {more === undefined ? null : <li className="soft">{more}</li>}
      </ul>
    </>
  );
};
