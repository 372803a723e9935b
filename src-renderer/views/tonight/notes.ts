/** Measures of the drawing, in pixels of the page. */
export const STAVE_TOP = 18;
const LINE_STEP = 11;
export const LINES: readonly number[] = [0, 1, 2, 3, 4].map((line) => STAVE_TOP + line * LINE_STEP);
export const STAVE_BOTTOM = STAVE_TOP + 4 * LINE_STEP;
export const STAVE_HEIGHT = STAVE_BOTTOM + 14;

const NOTE_STEP = 19;
const PLACES = 9;

export interface Note {
  readonly x: number;
  readonly y: number;
}

/** A melody as long as the stave: always the same, so that nothing moves but the light. */
export const notes = (width: number): readonly Note[] => {
  const count = Math.max(0, Math.floor((width - 24) / NOTE_STEP));
  return Array.from({ length: count }, (_, i) => ({
    x: Math.round(12 + i * NOTE_STEP + (melody(i + 7) % 5) - 2),
    y: STAVE_TOP + (melody(i) * LINE_STEP) / 2,
  }));
};

/** A place on or between the lines for the i-th note; a few steps up and down, as tunes go. */
const melody = (i: number): number =>
  Math.abs(Math.round(4 + 2.6 * Math.sin(i * 1.7) + 1.9 * Math.sin(i * 0.61 + 2) + 1.2 * Math.cos(i * 3.1))) %
  PLACES;
