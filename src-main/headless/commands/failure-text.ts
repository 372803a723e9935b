import type { FailureGroup } from '../../engine/ledger/failure-groups.ts';
import type { Formats } from '../terminal/formats.ts';
import { safeText } from '../terminal/safe-text.ts';
import type { Hint } from '../typed.ts';
import { wrapped } from '../terminal/wrap.ts';

export interface ShownTo {
  readonly formats: Formats;
  /** Of the terminal; without end where there is none. */
  readonly columns: number;
  readonly hint: Hint;
}

/** One cause: how many, in plain words what it is, and the first few that it hit. Paths are left whole, to be copied. */
export const groupLines = (group: FailureGroup, { formats, columns, hint }: ShownTo): readonly string[] => {
  const more = group.tracks - group.examples.length;
  return [
    ...wrapped(
      `  ${formats.files(group.tracks)}: ${safeText(group.sentence)}${adviceFor(group.class, hint)}`,
      columns,
      4,
    ),
    ...group.examples.map((path) => `      ${path}`),
    ...(more > 0 ? [`      and ${formats.count(more)} more`] : []),
  ];
};

/** What is to be done about a class of failures (see engine/transfer/failure.ts), where the sentence does not say. */
export const adviceFor = (failureClass: string | undefined, hint: Hint): string => {
  switch (failureClass) {
    case 'refused':
      return ` The archive does not take it as it is; "${hint('retry')}" asks again.`;
    case 'person':
      return ` Look at it, then "${hint('retry')}" tries again.`;
    default:
      return '';
  }
};
