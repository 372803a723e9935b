/**
 * Draws small one-colour pictures with smooth edges. A shape is a signed distance: how far a point lies outside of it
 * (positive) or inside (negative), in the units of the drawing, whose box goes from 0 to {@link GRID} both ways.
 */
export type Shape = (x: number, y: number) => number;

export const GRID = 16;

export const disc =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;

export const ring =
  (cx: number, cy: number, radius: number, width: number): Shape =>
  (x, y) =>
    Math.abs(Math.hypot(x - cx, y - cy) - radius) - width / 2;

/** With straight sides, and corners rounded by `round`. */
export const box = (cx: number, cy: number, width: number, height: number, round = 0): Shape => {
  const [halfWidth, halfHeight] = [width / 2 - round, height / 2 - round];
  return (x, y) => {
    const [dx, dy] = [Math.abs(x - cx) - halfWidth, Math.abs(y - cy) - halfHeight];
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
  };
};

/** A line with round ends. */
export const stroke = (x1: number, y1: number, x2: number, y2: number, width: number): Shape => {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
    return Math.hypot(x - x1 - along * dx, y - y1 - along * dy) - width / 2;
  };
};

/** The part of the plane that a hand sweeps from twelve o'clock on, clockwise. @param share from 0 to 1 */
export const sector = (cx: number, cy: number, share: number): Shape => {
  if (share <= 0) return () => Number.POSITIVE_INFINITY;
  if (share >= 1) return () => Number.NEGATIVE_INFINITY;
  const angle = share * 2 * Math.PI;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return (x, y) => {
    const [dx, dy] = [x - cx, y - cy];
    const afterStart = -dx;
    const beforeEnd = dx * cos + dy * sin;
    return share <= 0.5 ? Math.max(afterStart, beforeEnd) : Math.min(afterStart, beforeEnd);
  };
};

export const both =
  (one: Shape, other: Shape): Shape =>
  (x, y) =>
    Math.max(one(x, y), other(x, y));

export const either =
  (one: Shape, other: Shape): Shape =>
  (x, y) =>
    Math.min(one(x, y), other(x, y));

export const without =
  (one: Shape, other: Shape): Shape =>
  (x, y) =>
    Math.max(one(x, y), -other(x, y));

export interface Layer {
  readonly shape: Shape;
  /** From 0 to 1. */
  readonly opacity: number;
}

/** @returns how much of each pixel is covered, 0 to 255, row by row; where layers meet, the strongest counts */
export const coverage = (layers: readonly Layer[], size: number): Uint8Array => {
  const unit = GRID / size;
  const mask = new Uint8Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      let most = 0;
      for (const { shape, opacity } of layers) {
        const distance = shape((column + 0.5) * unit, (row + 0.5) * unit) / unit;
        most = Math.max(most, Math.min(1, Math.max(0, 0.5 - distance)) * opacity);
      }
      mask[row * size + column] = Math.round(most * 255);
    }
  return mask;
};
