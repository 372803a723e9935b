const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What terminals draw two columns wide: emoji, and the scripts that Unicode's UAX #11 calls wide. */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const PLAIN = /^[\u0020-\u007e\u00a1-\u02ff]*$/;

const widthOfSegment = (segment: string): number => (NO_WIDTH.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1);

/** How many columns a terminal takes for this text, which holds no escape sequences. */
export const widthOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTS.segment(text)) width += widthOfSegment(segment);
  return width;
};

/** The text in at most so many columns; what is left out at its end is an ellipsis. */
export const cutEnd = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let cut = '';
  for (const { segment } of SEGMENTS.segment(text)) {
    width += widthOfSegment(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return columns < 1 ? '' : `${cut}…`;
};

/** The same, but left out at its beginning: of a path the end says most. */
export const cutStart = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let cut = '';
  const segments = [...SEGMENTS.segment(text)].toReversed();
  for (const { segment } of segments) {
    width += widthOfSegment(segment);
    if (width > columns - 1) break;
    cut = segment + cut;
  }
  return columns < 1 ? '' : `…${cut}`;
};
