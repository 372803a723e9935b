import type { ReactNode } from 'react';
import type { PageFailureGroup } from '../../../shared/bridge/calls.ts';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { groupWords, ignoreWords, moreWords, retryWords, takeBackWords } from '../../words/attention.ts';

export interface GroupDeeds {
  readonly retry: (code: string) => void;
  readonly ignore: (code: string) => void;
  /** Where the system's file manager can be opened. */
  readonly reveal?: (track: number) => void;
}

interface Props {
  readonly group: PageFailureGroup;
  readonly deeds: GroupDeeds;
}

/** Tracks with one cause: what it is, what can be done, and the first few of them. */
export const Group = ({ group, deeds }: Props): ReactNode => {
  const { code, state, message, advice, count, examples } = group;
  const more = moreWords(count, examples.length, formats);
  const Heading = state === 'failed' ? 'h2' : 'h3';
  return (
    <>
      <div className="group-head">
        <Heading>
          <span className={`dot ${state === 'failed' ? 'dot-trouble' : 'dot-quiet'}`} aria-hidden="true" />
          {groupWords(code, count, formats)}
        </Heading>
        <GroupButtons group={group} deeds={deeds} />
      </div>
      <p>{message}</p>
      {advice === '' ? null : <p className="soft">{advice}</p>}
      <ul className="examples">
        {examples.map(({ path, track }) => (
          <li key={path}>
            <Example path={path} track={track} {...deeds} />
          </li>
        ))}
        {more === undefined ? null : <li className="soft">{more}</li>}
      </ul>
    </>
  );
};

const GroupButtons = ({ group: { state, code, message, count }, deeds }: Props): ReactNode => {
  switch (state) {
    case 'failed':
      return (
        <span className="group-buttons">
          <Button
            look="quiet"
            onPress={() => deeds.ignore(code)}
            aria-label={`${ignoreWords(count)}: ${message}`}
          >
            {ignoreWords(count)}
          </Button>
          <Button onPress={() => deeds.retry(code)} aria-label={`${retryWords(count)}: ${message}`}>
            {retryWords(count)}
          </Button>
        </span>
      );
    case 'ignored':
      return (
        <Button onPress={() => deeds.retry(code)} aria-label={`${takeBackWords(count)}: ${message}`}>
          {takeBackWords(count)}
        </Button>
      );
    case 'skipped':
      return null;
  }
};

interface ExampleProps extends Pick<GroupDeeds, 'reveal'> {
  readonly path: string;
  readonly track: number | null;
}

const Example = ({ path, track, reveal }: ExampleProps): ReactNode => {
  if (track === null) return <bdi>{path}</bdi>;
  return (
    <span className="example">
      <a href={`#track/${track}`}>
        <bdi>{path}</bdi>
      </a>
      {reveal === undefined ? null : (
        <Button look="quiet" onPress={() => reveal(track)} aria-label={`Show in folder: ${path}`}>
          Show in folder
        </Button>
      )}
    </span>
  );
};
