import { displayPath } from '../../engine/library/paths.ts';

/** Words that came from elsewhere (an archive's answer, a person's argument), without what a terminal would obey. */
export const safeText = (text: string): string => displayPath(Buffer.from(text, 'utf8'));
