import { UsageError } from '../usage-error.ts';

const CLASSES = ['retry', 'refused', 'person'] as const;

/** What `--class` names. @throws UsageError */
export const classFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || CLASSES.some((known) => known === text)) return text;
  throw new UsageError(
    `--class ${text}: there are retry (passes by itself), refused (by the archive) and person (somebody must look).`,
  );
};
