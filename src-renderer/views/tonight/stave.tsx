import { useId, type ReactNode } from 'react';
import type { PageStanding } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { bytesWords, shareDone, shareWords } from '../../words/progress.ts';
import { tracks } from '../../words/sentence.ts';
import { LINES, notes, STAVE_BOTTOM, STAVE_HEIGHT, STAVE_TOP } from './notes.ts';
import { useWidth } from './use-width.ts';

interface Props {
  readonly standing: PageStanding;
  /** More may still be found: the end is not known, so no double bar is drawn. */
  readonly isLooking: boolean;
}

/** The progress picture: five lines, in the lamp's colour up to now, with the double bar at the end. */
export const Stave = ({ standing, isLooking }: Props): ReactNode => {
  const [ref, width] = useWidth<HTMLDivElement>();
  const share = shareDone(standing);
  const isDone = !isLooking && standing.waiting === 0 && standing.failed === 0 && standing.archived > 0;
  const words = `${bytesWords(standing, formats)}, ${shareWords(standing, formats)}`;
  return (
    <figure className="stave">
      <div ref={ref} className="stave-picture" role="img" aria-label={`Archived: ${words}`}>
        {width === 0 ? null : <Drawing width={width} share={share} isLooking={isLooking} isDone={isDone} />}
      </div>
      <figcaption className="stave-words">
        <span>{words}</span>
        {standing.waiting === 0 ? null : (
          <span>
            {tracks(standing.waiting, formats)}, {formats.bytes(standing.bytesWaiting)} to go
          </span>
        )}
      </figcaption>
    </figure>
  );
};

interface DrawingProps {
  readonly width: number;
  readonly share: number;
  readonly isLooking: boolean;
  readonly isDone: boolean;
}

const Drawing = ({ width, share, isLooking, isDone }: DrawingProps): ReactNode => {
  const clip = useId();
  const now = Math.round(share * width);
  const score = <Score width={width} />;
  return (
    <svg width={width} height={STAVE_HEIGHT} viewBox={`0 0 ${width} ${STAVE_HEIGHT}`} aria-hidden="true">
      <clipPath id={clip}>
        <rect
          className="stave-clip"
          x={-width}
          y={0}
          width={width}
          height={STAVE_HEIGHT}
          style={{ translate: `${now}px` }}
        />
      </clipPath>
      <g className="stave-to-come">{score}</g>
      <g className="stave-archived" clipPath={`url(#${clip})`}>
        {score}
      </g>
      {isLooking ? null : (
        <g className="stave-end">
          <line x1={width - 8} x2={width - 8} y1={STAVE_TOP} y2={STAVE_BOTTOM} />
          <line x1={width - 2} x2={width - 2} y1={STAVE_TOP} y2={STAVE_BOTTOM} strokeWidth={4} />
        </g>
      )}
      {isDone || share === 0 ? null : (
        <g className="stave-now" style={{ translate: `${now}px` }}>
          <line x1={0} x2={0} y1={4} y2={STAVE_HEIGHT - 2} />
          <circle cx={0} cy={4} r={4} />
        </g>
      )}
    </svg>
  );
};

const Score = ({ width }: { readonly width: number }): ReactNode => (
  <>
    <path d={LINES.map((y) => `M0 ${y}H${width}`).join('')} />
    {notes(width).map(({ x, y }) => (
      <ellipse key={x} cx={x} cy={y} rx={5} ry={3.6} transform={`rotate(-18 ${x} ${y})`} />
    ))}
  </>
);
