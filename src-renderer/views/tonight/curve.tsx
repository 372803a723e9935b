import { useEffect, useRef, type ReactNode } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Pace } from '../../../shared/bridge/pace.ts';
import { formats } from '../../clock.ts';
import { curveWords, ratesOf } from '../../words/curve.ts';
import { useDark } from './use-dark.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 120;
const FONT = '11px system-ui, sans-serif';

/** How fast it went in the last hours. Drawn; what it shows is said in words as well. */
export const Curve = ({ pace }: { readonly pace: Pace }): ReactNode => {
  const [ref, width] = useWidth<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);
  const isDark = useDark();
  useEffect(() => {
    const element = place.current;
    if (element === null || width === 0) return undefined;
    const plot = new UPlot(optionsFor(element.parentElement ?? element, width), [...dataOf(pace)], element);
    return () => plot.destroy();
    // The tokens that the drawing reads are other ones in the dark.
  }, [pace, width, isDark]);
  return (
    <div ref={ref} className="curve" role="img" aria-label={curveWords(pace, formats)}>
      <div ref={place} aria-hidden="true" />
    </div>
  );
};

const dataOf = (pace: Pace): readonly [number[], number[]] => [
  // uPlot counts in seconds.
  pace.bytes.map((_, i) => (pace.from + i * pace.stepMs) / 1000),
  [...ratesOf(pace)],
];

const optionsFor = (element: HTMLElement, width: number): UPlot.Options => {
  // A canvas knows no custom properties; these are what tonight.css makes of them, in light or dark.
  const { color, borderTopColor, caretColor, textDecorationColor } = getComputedStyle(element);
  const axis = { stroke: color, font: FONT, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 28, 0, 0],
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 70,
        values: (_plot, at) => at.map((x) => formats.clock(x * 1000)),
      },
      {
        ...axis,
        grid: { stroke: borderTopColor, width: 1 },
        size: 62,
        space: 36,
        values: (_plot, at) => at.map((y) => formats.rate(y)),
      },
    ],
    series: [{}, { stroke: caretColor, width: 1.5, fill: textDecorationColor, points: { show: false } }],
  };
};
