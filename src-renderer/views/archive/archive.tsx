import type { ReactNode } from 'react';
import type { ArchiveStatus } from '../../../shared/bridge/archive-status.ts';
import type { PageArchive, PageState } from '../../../shared/bridge/state.ts';
import { formats, useNow } from '../../clock.ts';
import { Problem } from '../../controls/problem.tsx';
import {
  archiveSentence,
  contactWords,
  isSignedOut,
  queueWords,
  songWords,
  storageWords,
} from '../../words/archive.ts';
import { ArchiveFacts } from '../archive-facts.tsx';
import { Fact, Facts } from '../track/facts.tsx';
import { ServerForm } from '../server-form.tsx';
import { SignOut } from './sign-out.tsx';
import { useArchiveStatus } from './use-archive-status.ts';

/** Where the copies are kept, and how that place stands. */
export const Archive = ({ state }: { readonly state: PageState }): ReactNode =>
  state.archive === null ? null : <Known archive={state.archive} state={state} />;

interface Props {
  readonly archive: PageArchive;
  readonly state: PageState;
}

const Known = ({ archive, state }: Props): ReactNode => {
  const { status, problem, lookAgain } = useArchiveStatus();
  const now = useNow();
  return (
    <>
      <div className="opening">
        <div className="opening-words">
          <h1 className="sentence">{archiveSentence(archive, status, state.trouble)}</h1>
          <p className="below">
            {status === null ? 'It is being asked how it stands.' : contactWords(status, now, formats)}
          </p>
        </div>
      </div>
      <Problem text={problem} />
      {status?.trouble === null || status === null ? null : <p className="notice">{status.trouble}</p>}
      <div className="cards">
        <div className="cards-column">
          {status?.told === null || status === null ? null : <Told told={status.told} />}
        </div>
        <div className="cards-column">
          <section className="card" aria-labelledby="where">
            <div className="card-head">
              <h2 id="where">Where it is</h2>
            </div>
            <div className="archive-place">
              <ArchiveFacts archive={archive} />
              {archive.kind === 'here' ? null : isSignedOut(state) ? (
                <ServerForm url={archive.place} email={archive.email} verb="Sign in" onDone={lookAgain} />
              ) : (
                <SignOut isAway={status?.signedIn === false} onDone={lookAgain} />
              )}
            </div>
          </section>
        </div>
      </div>
    </>
  );
};

const Told = ({ told }: { readonly told: NonNullable<ArchiveStatus['told']> }): ReactNode => (
  <>
    <Facts title="Songs on its table" empty="">
      {songWords(told, formats).map(({ name, words }) => (
        <Fact key={name} name={name}>
          {words}
        </Fact>
      ))}
    </Facts>
    <Facts title="Room and queue" empty="">
      <Fact name="Room">{storageWords(told, formats)}</Fact>
      <Fact name="Queue">{queueWords(told, formats)}</Fact>
    </Facts>
  </>
);
