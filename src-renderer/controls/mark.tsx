import type { ReactNode } from 'react';

/** A note on its ledger line, and the name. */
export const Mark = (): ReactNode => (
  <div className="mark">
    <svg viewBox="0 0 32 22" width="32" height="22" aria-hidden="true">
      <path className="mark-rule" d="M2 14h28M2 20h28" />
      <path className="mark-line" d="M7 6h18" />
      <ellipse className="mark-note" cx="16" cy="6" rx="5.4" ry="3.8" transform="rotate(-18 16 6)" />
    </svg>
    <span>Ledgerline</span>
  </div>
);
