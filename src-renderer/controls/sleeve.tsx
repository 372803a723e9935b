import { useState, type ReactNode } from 'react';
import type { Cover } from '../../shared/bridge/fields.ts';
import { initialsOf, tintOf } from '../words/sleeve.ts';

interface Props {
  readonly cover: Cover;
  /** What the picture is of: an album's title, or a track's. */
  readonly title: string;
  /** Without colour: not archived yet. */
  readonly isGrey?: boolean;
}

/** An album's cover; where it has none, a sleeve with its letters. Its words stand beside it. */
export const Sleeve = ({ cover, title, isGrey = false }: Props): ReactNode => {
  /** The cover that would not come: the store of covers is bounded and may just have given it up. */
  const [missing, setMissing] = useState<Cover>(null);
  if (cover !== null && cover !== missing)
    return (
      <img
        className="sleeve"
        src={`covers/${cover}${isGrey ? '-grey' : ''}.webp`}
        alt=""
        decoding="async"
        draggable={false}
        onError={() => setMissing(cover)}
      />
    );
  return (
    <span
      className={`sleeve sleeve-lettered ${isGrey ? 'sleeve-grey' : `sleeve-${tintOf(title)}`}`}
      aria-hidden="true"
    >
      <span className="sleeve-letters">{initialsOf(title)}</span>
    </span>
  );
};
