import { useEffect, useRef, useState, type ReactNode } from 'react';
import { textOf, type Piece, type Sentence } from '../words/sentence.ts';

/** Numbers that run on are read out this often; another state of things at once. */
const READ_OUT_EVERY_MS = 60_000;

interface Props {
  readonly sentence: Pick<Sentence, 'headline' | 'below'> & { readonly kind: string };
}

/** How a view opens: one sentence in the book face, and one below it. */
export const TheSentence = ({ sentence }: Props): ReactNode => {
  const { kind, headline, below } = sentence;
  const told = useSlowly(`${textOf(headline)} ${below}`, kind);
  return (
    <div className="opening-words">
      <h1 className="sentence">
        <Pieces pieces={headline} />
      </h1>
      <p className="below">{below}</p>
      <p className="visually-hidden" aria-live="polite">
        {told}
      </p>
    </div>
  );
};

export const Pieces = ({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode =>
  pieces.map(({ text, lamp }, place) => (
    // Pieces have no names; their order is what they are.
    <span key={place} className={lamp === true ? 'lamp' : undefined}>
      {text}
    </span>
  ));

/** The text as it was at the last change of kind, or a minute ago. */
const useSlowly = (text: string, kind: string): string => {
  const [told, setTold] = useState('');
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    setTold(newest.current);
    const timer = setInterval(() => setTold(newest.current), READ_OUT_EVERY_MS);
    return () => clearInterval(timer);
  }, [kind]);
  return told;
};
