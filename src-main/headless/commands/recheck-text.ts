import type { RecheckResult } from '../../engine/recheck.ts';
import type { Formats } from '../../../shared/formats.ts';
import { safeText } from '../terminal/safe-text.ts';

/** What came of asking the archive again; undefined where there is nothing to tell. `wished`: with --recheck. */
export const recheckText = (
  recheck: RecheckResult | undefined,
  wished: boolean,
  formats: Formats,
): string | undefined => {
  if (recheck === undefined)
    return wished ? 'This archive cannot tell what it has, so nothing was asked for again.' : undefined;
  const { asked, lost, complete, trouble } = recheck;
  // Equal files are one content, and are asked for once.
  const files = asked === 1 ? formats.files(asked) : `${formats.count(asked)} different files`;
  const told = lost === 0 ? `has ${asked === 1 ? 'it' : 'them'}` : `had lost ${formats.count(lost)} of them`;
  return (
    [
      ...(asked === 0 ? [] : [`The archive was asked again for ${files} and ${told}.`]),
      ...(complete || (!wished && trouble === undefined)
        ? []
        : [
            `It was not asked for everything${trouble === undefined ? '.' : `: ${safeText(trouble)}`} Whatever is left is asked for another time.`,
          ]),
    ].join('\n') || undefined
  );
};

/** Somebody wished to be sure, and is not. */
export const isUnconfirmed = (recheck: RecheckResult | undefined, wished: boolean): boolean =>
  wished && recheck?.complete !== true;
