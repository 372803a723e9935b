import type { ReactNode } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { Measure } from '../../words/nights.ts';

/** Narrower ones are told of by their tooltip alone. */
const LEAST_WIDTH_WITH_NAME = 120;

interface Props {
  readonly measures: readonly Measure[];
  /** Of the whole stave, in pixels. */
  readonly width: number;
}

/** Lies over the drawing: each night can be pointed at, or gone to by keyboard, and tells what it was or will be. */
export const Measures = ({ measures, width }: Props): ReactNode => (
  <ul className="measures" aria-label="Nights">
    {measures.map(({ from, start, share, name, count, words }) => (
      <li key={from} style={{ insetInlineStart: `${start * 100}%`, inlineSize: `${share * 100}%` }}>
        <TooltipTrigger delay={150}>
          {/* The name holds what is seen, so that it can be spoken to. */}
          <Button className="measure" aria-label={`${name} · ${count}. ${words}`}>
            {share * width < LEAST_WIDTH_WITH_NAME ? null : (
              <span className="measure-name">
                {name} · {count}
              </span>
            )}
          </Button>
          <Tooltip className="tooltip" offset={8}>
            {words}
          </Tooltip>
        </TooltipTrigger>
      </li>
    ))}
  </ul>
);
