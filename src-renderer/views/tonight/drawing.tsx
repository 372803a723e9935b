import { useId, type ReactNode } from 'react';
import { LINES, notes, STAVE_BOTTOM, STAVE_HEIGHT, STAVE_TOP } from './notes.ts';

interface Props {
  readonly width: number;
  /** How far it has come, 0 to 1. */
  readonly share: number;
  /** Where one night ends and the next begins, 0 to 1 each. */
  readonly bars: readonly number[];
  readonly isLooking: boolean;
  readonly isDone: boolean;
}

/** Five lines and their notes twice: as they are to come, and in the lamp's colour up to now. */
export const Drawing = ({ width, share, bars, isLooking, isDone }: Props): ReactNode => {
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
      <g className="stave-bars">
        {bars.map((bar, i) => (
          // Bars have no names; their order is what they are.
          <line
            key={i}
            x1={Math.round(bar * width)}
            x2={Math.round(bar * width)}
            y1={STAVE_TOP}
            y2={STAVE_BOTTOM}
          />
        ))}
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
