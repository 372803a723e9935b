import type { ReactNode } from 'react';
import { isDesktop } from '../bridge/create-bridge.ts';
import { formats, useNow } from '../clock.ts';

/** Says that what the page shows is no longer fresh. `since`: when it was, ms since 1970. */
export const LinkLost = ({ since }: { readonly since: number | null }): ReactNode => {
  const now = useNow();
  return (
    <div role="status">
      {since === null ? null : (
        <p className="notice">
          Ledgerline is not answering. What stands here is how things stood {formats.past(since, now)}. The
          page tries again by itself.
          {isDesktop()
            ? ''
            : ' If Ledgerline was ended, start it again as you did before and open the link that it prints.'}
        </p>
      )}
    </div>
  );
};
