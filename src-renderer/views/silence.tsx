import { useEffect, useState, type ReactNode } from 'react';
import type { Link } from '../../shared/bridge/bridge.ts';
import { isDesktop } from '../bridge/create-bridge.ts';
import { Mark } from '../controls/mark.tsx';

/** Longer than an answer takes where all is well: words that flash up for a moment only disturb. */
const PATIENCE_MS = 1_500;

/** Before anything was heard, or when the page is not let in. */
export const Silence = ({ link }: { readonly link: Link }): ReactNode => {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="alone">
      <Mark />
      <div role="status">{wordsFor(link, isLong)}</div>
    </main>
  );
};

const wordsFor = (link: Link, isLong: boolean): ReactNode => {
  if (link === 'refused')
    return (
      <>
        <h1 className="sentence">This page needs its link.</h1>
        <p className="below">
          Open the link that Ledgerline printed where it was started. It opens the page once, in one browser;
          press Enter there for another link, or start the program again.
        </p>
      </>
    );
  if (!isLong) return null;
  // Main is there, or there would be no window; it starts its engine, or starts it again.
  if (isDesktop())
    return (
      <>
        <h1 className="sentence">Ledgerline is starting.</h1>
        <p className="below">This window shows how things stand as soon as that can be told.</p>
      </>
    );
  return (
    <>
      <h1 className="sentence">Ledgerline is not answering.</h1>
      <p className="below">
        Perhaps it was ended. Start it again as you did before, and open the link that it prints. What is
        archived stays so.
      </p>
    </>
  );
};
