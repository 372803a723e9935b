import type { PageFailureGroup } from '../../../shared/bridge/calls.ts';
import type { ArchiveRow } from '../ledger/archives.ts';
import { adviceOf, type FailureGroup } from '../ledger/failure-groups.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Books } from './books.ts';

const EXAMPLES = 5;

/** What the ledger has of the archive that was chosen. */
export const chosenRow = (ledger: Pick<Ledger, 'archives' | 'settings'>): ArchiveRow | undefined => {
  const { archive } = ledger.settings.read();
  return ledger.archives.all().find(({ identity }) => identity === archive?.identity);
};

/** What failed and what is left out, by cause: first what a person can do something about. */
export const failureGroups = ({ ledger, reader }: Books): PageFailureGroup[] => {
  const archive = chosenRow(ledger);
  if (archive === undefined) return [];
  const libraryIds = ledger.libraries.all().map(({ id }) => id);
  return (['failed', 'ignored', 'skipped'] as const).flatMap((state) =>
    reader.failureGroups(state, archive.id, libraryIds, EXAMPLES).map((group) => pageGroup(state, group)),
  );
};

const pageGroup = (state: PageFailureGroup['state'], group: FailureGroup): PageFailureGroup => ({
  code: group.code,
  state,
  message: group.sentence,
  advice: adviceIn(state, group),
  count: group.tracks,
  examples: group.examples.map((path, i) => ({ path, track: group.exampleIds?.[i] ?? null })),
});

const adviceIn = (state: PageFailureGroup['state'], group: FailureGroup): string => {
  switch (state) {
    case 'failed':
      return adviceOf(group.class, 'Try again');
    case 'ignored':
      return 'You left this out. Try again takes it back.';
    case 'skipped':
      return '';
  }
};
