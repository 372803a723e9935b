import type { ReactNode } from 'react';
import type { PageArchive } from '../../shared/bridge/state.ts';
import { formats } from '../clock.ts';
import { archiveWords, SAME_DISK } from '../words/progress.ts';

/** Where the copies are kept, and what is to be known about that place. */
export const ArchiveFacts = ({ archive }: { readonly archive: PageArchive }): ReactNode => (
  <>
    <p>
      <bdi className="path">{archive.place}</bdi>
    </p>
    <p className="soft">{archiveWords(archive, formats)}</p>
    {archive.kind === 'here' && archive.sameDisk ? <p className="notice">{SAME_DISK}</p> : null}
  </>
);
