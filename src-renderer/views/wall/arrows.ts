/** Where a key leads on a grid of `count` cells, `columns` in a row; undefined: the key means nothing here. */
export const afterKey = (
  key: string,
  at: number,
  grid: { readonly count: number; readonly columns: number; readonly rowsSeen: number },
): number | undefined => {
  const { count, columns, rowsSeen } = grid;
  const to = target(key, at, columns, rowsSeen, count);
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
};

const target = (
  key: string,
  at: number,
  columns: number,
  rowsSeen: number,
  count: number,
): number | undefined => {
  switch (key) {
    case 'ArrowRight':
      return at + 1;
    case 'ArrowLeft':
      return at - 1;
    case 'ArrowDown':
      // From the last whole row down to the last cell, not out of the grid.
      return at + columns;
    case 'ArrowUp':
      return at < columns ? at : at - columns;
    case 'PageDown':
      return at + columns * rowsSeen;
    case 'PageUp':
      return at - columns * rowsSeen;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
};
