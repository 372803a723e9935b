import { expect, test } from 'vitest';
import { isOnScreen } from '../../src-main/desktop/window/on-screen.ts';

const LAPTOP = { workArea: { x: 0, y: 25, width: 1440, height: 850 } };
const LEFT = { workArea: { x: -1920, y: 0, width: 1920, height: 1080 } };

test.each([
  ['in the middle of the screen', { x: 100, y: 100 }, true],
  ['on a screen to the left that is there', { x: -1500, y: 40 }, true],
  ['half over the edge', { x: 1300, y: 100 }, true],
  ['so far over the edge that no hand gets hold of it', { x: 1400, y: 100 }, false],
  ['below the screen', { x: 100, y: 870 }, false],
  ['with its title above the screen', { x: 100, y: -300 }, false],
])('a window %s', (_where, at, expected) => {
  expect(isOnScreen({ ...at, width: 900, height: 700 }, [LAPTOP, LEFT])).toBe(expected);
});

test('a window on a screen that was taken away', () => {
  expect(isOnScreen({ x: -1500, y: 40, width: 900, height: 700 }, [LAPTOP])).toBe(false);
});
