import type { ReactNode } from 'react';
import type { TrackDetail } from '../../../shared/bridge/tracks.ts';
import { useAsk } from '../../bridge/context.tsx';
import { useCapabilities } from '../../bridge/capabilities.ts';
import { formats, useNow } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { Problem } from '../../controls/problem.tsx';
import { Sleeve } from '../../controls/sleeve.tsx';
import { nameOf, OUTCOME_WORDS, trackSentence } from '../../words/tracks.ts';
import { OutcomeSign } from '../tracks/row.tsx';
import { Checksums } from './checksums.tsx';
import { Fact, Facts } from './facts.tsx';
import { Failure } from './failure.tsx';
import { History } from './history.tsx';
import { useTrack } from './use-track.ts';

/** A track's own page. */
export const Track = ({ id }: { readonly id: number }): ReactNode => {
  const { track, problem, lookAgain } = useTrack(id);
  const back = (
    <p>
      <a className="back" href="#tracks">
        All tracks
      </a>
    </p>
  );
  if (track === undefined || track === null)
    return (
      <>
        {back}
        <h1 className="sentence">{track === null ? 'The ledger knows no such track.' : 'A track.'}</h1>
        <Problem text={problem} />
      </>
    );
  return (
    <>
      {back}
      <Head track={track} />
      <Problem text={problem} />
      {track.failure === null ? null : <Failure track={track} failure={track.failure} onDone={lookAgain} />}
      <div className="cards">
        <div className="cards-column">
          <History history={track.history} />
          <Checksums sha256={track.sha256} md5={track.md5} />
        </div>
        <div className="cards-column">
          <Place track={track} />
          <Facts title="Tags" empty="Its tags name nothing, or were not read yet.">
            {track.tags.map(({ name, value }, place) => (
              // A file may have a tag twice.
              <Fact key={place} name={name}>
                <bdi>{value}</bdi>
              </Fact>
            ))}
          </Facts>
        </div>
      </div>
    </>
  );
};

const Head = ({ track }: { readonly track: TrackDetail }): ReactNode => {
  const now = useNow();
  const by = [track.artist, track.album].filter((part) => part !== '').join(' · ');
  return (
    <div className="track-head">
      <div className="track-cover">
        <Sleeve
          key={track.cover}
          cover={track.cover}
          title={track.album === '' ? nameOf(track) : track.album}
          isGrey={track.outcome !== 'archived'}
        />
      </div>
      <div className="track-words">
        <h1 className="sentence">
          <bdi>{nameOf(track)}</bdi>
        </h1>
        {by === '' ? null : (
          <p className="track-by">
            <bdi>{by}</bdi>
          </p>
        )}
        <p className="below">
          <OutcomeSign outcome={track.outcome} />
          <span className="visually-hidden">{OUTCOME_WORDS[track.outcome]}. </span>
          {trackSentence(track, now, formats)}
        </p>
      </div>
    </div>
  );
};

const Place = ({ track }: { readonly track: TrackDetail }): ReactNode => {
  const { ask, problem } = useAsk();
  const capabilities = useCapabilities();
  const now = useNow();
  const { place, bytes, modifiedAt, twins, song } = track;
  return (
    <Facts title="The file" empty="">
      <Fact name="Place">
        <bdi className="path">{place}</bdi>
      </Fact>
      <Fact name="Size">{formats.bytes(bytes)}</Fact>
      <Fact name="Changed">{formats.past(modifiedAt, now)}</Fact>
      {song === null ? null : <Fact name="In the archive">Song {formats.count(song.id)}</Fact>}
      {twins.length === 0 ? null : (
        <Fact name="The same bytes">
          <ul>
            {twins.map((twin) => (
              <li key={twin}>
                <bdi className="path">{twin}</bdi>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {capabilities?.reveal === true ? (
        <Fact name="">
          <Button onPress={() => void ask('reveal', track.id)}>Show in folder</Button>
          <Problem text={problem} />
        </Fact>
      ) : null}
    </Facts>
  );
};
