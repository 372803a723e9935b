import type { Rectangle } from 'electron';

/** As much of it must be seen that a hand can take hold of its title. */
const GRIP = { width: 120, height: 40 };

/** Whether a window there could be reached: screens come and go between two starts. */
export const isOnScreen = (
  { x, y, width }: Rectangle,
  screens: readonly { readonly workArea: Rectangle }[],
): boolean =>
  screens.some(({ workArea }) => {
    const across = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    const below = workArea.y + workArea.height - y;
    return across >= GRIP.width && y >= workArea.y && below >= GRIP.height;
  });
