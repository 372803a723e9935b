import { memo, type ReactNode, type RefObject } from 'react';
import type { TrackOutcomeNow, TrackRow } from '../../../shared/bridge/tracks.ts';
import { formats } from '../../clock.ts';
import { flightWords } from '../../words/file-name.ts';
import { OUTCOME_WORDS } from '../../words/tracks.ts';

interface Props {
  readonly index: number;
  /** undefined: still being fetched. */
  readonly track: TrackRow | undefined;
  readonly height: number;
  readonly now: number;
  /** Where the one that Tab stops at is to be found. */
  readonly stop: RefObject<HTMLDivElement | null> | null;
  readonly onFocus: (index: number) => void;
}

/** A row of the table. Many of them are made in each moment of scrolling, and those that stay are not drawn anew. */
export const Row = memo(({ index, track, height, now, stop, onFocus }: Props): ReactNode => (
  <div
    role="row"
    aria-rowindex={index + 2}
    className="track-row"
    style={{ blockSize: height }}
    tabIndex={stop === null ? -1 : 0}
    ref={stop}
    onFocus={() => onFocus(index)}
  >
    {track === undefined ? <CellsToCome /> : <Cells track={track} now={now} />}
  </div>
));

const Cells = ({ track, now }: { readonly track: TrackRow; readonly now: number }): ReactNode => {
  const { id, path, bytes, outcome, archivedAt, reason } = track;
  const { title, below } = flightWords(track);
  return (
    <>
      <div role="gridcell" className="track-track" title={path}>
        <a href={`#track/${id}`} tabIndex={-1} className="track-link">
          <bdi className="track-title">{title}</bdi>
        </a>
        <bdi className="track-below">{below}</bdi>
      </div>
      <div role="gridcell" className="track-state" title={reason ?? undefined}>
        <OutcomeSign outcome={outcome} />
        <span className="track-title">{OUTCOME_WORDS[outcome]}</span>
        {reason === null ? null : <bdi className="track-below">{reason}</bdi>}
      </div>
      <div role="gridcell" className="track-size">
        {formats.bytes(bytes)}
      </div>
      <div role="gridcell" className="track-when">
        {archivedAt === null ? '' : formats.past(archivedAt, now)}
      </div>
    </>
  );
};

const SHAPES: Readonly<Record<TrackOutcomeNow, string>> = {
  archived: 'M3 8.5 6.5 12 13 4.5',
  waiting: 'M8 4.5V8l2.5 2M8 2a6 6 0 1 0 .01 0z',
  failed: 'M8 2.5 14 13.5H2zM8 6.5v3M8 11.4v.2',
  skipped: 'M3 8h10',
  missing: 'M4 4l8 8M12 4l-8 8',
};

/** A shape of its own for each state; the word stands beside it. */
export const OutcomeSign = ({ outcome }: { readonly outcome: TrackOutcomeNow }): ReactNode => (
  <svg className={`sign sign-${outcome}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={SHAPES[outcome]} />
  </svg>
);

/** Of a track that is still being fetched. */
const CellsToCome = (): ReactNode => (
  <div role="gridcell" className="track-track">
    <span className="bone" />
    <span className="visually-hidden">Still being fetched</span>
  </div>
);
