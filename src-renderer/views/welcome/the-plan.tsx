import type { ReactNode } from 'react';
import type { Plan } from '../../../shared/bridge/plan.ts';
import { formats } from '../../clock.ts';
import {
  formatLines,
  knownWords,
  otherFilesWords,
  planSentence,
  roomWords,
  timeWords,
} from '../../words/plan.ts';

/** What Start is going to do: rows of the list of facts. */
export const ThePlan = ({ plan }: { readonly plan: Plan }): ReactNode => {
  const known = knownWords(plan, formats);
  return (
    <>
      <dt>What</dt>
      <dd>
        <p className="plan-sum">{planSentence(plan, formats)}</p>
        {known === undefined ? null : <p className="soft">{known}</p>}
        <ul className="pairs soft">
          {formatLines(plan, formats).map(({ name, words }) => (
            <li key={name}>
              <bdi>{name}</bdi>
              <span>{words}</span>
            </li>
          ))}
        </ul>
      </dd>
      {plan.tracks === 0 || plan.times.length === 0 ? null : (
        <>
          <dt>How long</dt>
          <dd>
            <ul className="pairs">
              {plan.times.map((time) => (
                <li key={time.pace}>
                  <span className="soft">{time.pace}</span>
                  <span>{timeWords(time, formats)}</span>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {plan.room === null ? null : (
        <>
          <dt>Room</dt>
          <dd>
            <p className={plan.room.enough ? undefined : 'notice'}>{roomWords(plan.room, formats)}</p>
          </dd>
        </>
      )}
      <LeftOut plan={plan} />
    </>
  );
};

const LeftOut = ({ plan: { leftOut, otherFiles } }: { readonly plan: Plan }): ReactNode => {
  const others = otherFilesWords(otherFiles, formats);
  if (leftOut.length === 0 && others === undefined) return null;
  return (
    <>
      <dt>Left out</dt>
      <dd>
        <ul className="left-out-list">
          {leftOut.map(({ reason, files, examples }) => (
            <li key={reason}>
              {formats.files(files)}: {reason}
              {examples.map((example) => (
                <bdi key={example} className="path soft">
                  {example}
                </bdi>
              ))}
            </li>
          ))}
          {others === undefined ? null : <li className="soft">{others}</li>}
        </ul>
      </dd>
    </>
  );
};
