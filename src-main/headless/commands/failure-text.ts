import { adviceOf, type FailureGroup } from '../../engine/ledger/failure-groups.ts';
import type { Formats } from '../../../shared/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import type { Hint } from '../typed.ts';
import { wrapped } from '../terminal/wrap.ts';

export interface ShownTo {
  readonly formats: Formats;
  /** Of the terminal; without end where there is none. */
  readonly columns: number;
  readonly hint: Hint;
}

/** Whether these tracks stand for folders that could not be looked into. */
export const isOfFolders = ({ code }: Pick<FailureGroup, 'code'>): boolean => code === 'folder_unreadable';

export const foldersIn = (groups: readonly FailureGroup[]): number =>
  groups.filter(isOfFolders).reduce((sum, { tracks }) => sum + tracks, 0);

/** Of what lies in them nothing is known. */
export const shutWords = (folders: number, formats: Formats): string =>
  `${formats.folders(folders)} could not be looked into; what is in ${folders === 1 ? 'it' : 'them'} is not counted`;

/** One cause: how many, in plain words what it is, and the first few that it hit. Paths are left whole, to be copied. */
export const groupLines = (group: FailureGroup, { formats, columns, hint }: ShownTo): readonly string[] => {
  const more = group.tracks - group.examples.length;
  const what = isOfFolders(group) ? formats.folders(group.tracks) : formats.files(group.tracks);
  return [
    ...wrapped(`  ${what}: ${safeText(group.sentence)}${adviceFor(group.class, hint)}`, columns, 4),
    ...group.examples.map((path) => `      ${path}`),
    ...(more > 0 ? [`      and ${formats.count(more)} more`] : []),
  ];
};

/** What is to be done about a class of failures (see engine/transfer/failure.ts), where the sentence does not say. */
export const adviceFor = (failureClass: string | undefined, hint: Hint): string => {
  const advice = adviceOf(failureClass, `"${hint('retry')}"`);
  return advice === '' ? '' : ` ${advice}`;
};
