import type { Colour } from './png.ts';
import {
  both,
  box,
  coverage,
  disc,
  either,
  GRID,
  type Layer,
  ring,
  sector,
  type Shape,
  stroke,
  without,
} from './raster.ts';

/** What the icon is of; each has a shape of its own, for menu bars know but one colour. */
export const TRAY_SHAPES = ['idle', 'working', 'paused', 'night', 'offline', 'attention', 'done'] as const;
export type TrayShape = (typeof TRAY_SHAPES)[number];

export interface TrayPicture {
  readonly shape: TrayShape;
  /** How much is done, from 0 to 1. */
  readonly share: number;
}

/** Finer steps could not be told apart in so small a picture. */
const STEPS = 64;

/** The nearest that can be drawn: neither empty once something is done, nor full before all is. */
export const drawable = ({ shape, share }: TrayPicture): TrayPicture => {
  const step = Math.round(share * STEPS);
  const within = share <= 0 ? 0 : share >= 1 ? STEPS : Math.min(STEPS - 1, Math.max(1, step));
  return { shape, share: within / STEPS };
};

const C = GRID / 2;
const FAINT = 0.38;
const CIRCLE = ring(C, C, 6.4, 1.9);

/** @returns how opaque each pixel is, row by row */
export const drawIcon = (picture: TrayPicture, size: number): Uint8Array =>
  coverage(layersOf(drawable(picture)), size);

const layersOf = ({ shape, share }: TrayPicture): readonly Layer[] => {
  const solid = (drawn: Shape): Layer => ({ shape: drawn, opacity: 1 });
  const progress: readonly Layer[] = [
    { shape: CIRCLE, opacity: FAINT },
    solid(both(CIRCLE, sector(C, C, share))),
  ];
  switch (shape) {
    case 'idle':
      return [{ shape: CIRCLE, opacity: FAINT }];
    case 'working':
      return [...progress, solid(disc(C, C, 2.1))];
    case 'paused':
      return [...progress, solid(either(box(C - 2, C, 2, 6), box(C + 2, C, 2, 6)))];
    case 'night':
      return [...progress, solid(without(disc(C - 0.3, C + 0.2, 3.5), disc(C + 1.6, C - 1.1, 3)))];
    case 'offline':
      return [...progress.map((layer) => apart(layer, GAP)), solid(SLASH)];
    case 'attention':
      return [...progress, solid(without(disc(C, C, 4.4), EXCLAMATION))];
    case 'done':
      return [solid(without(disc(C, C, 7.35), CHECK))];
  }
};

const apart = ({ shape, opacity }: Layer, gap: Shape): Layer => ({ shape: without(shape, gap), opacity });

const SLASH = stroke(2.2, 13.8, 13.8, 2.2, 1.8);
const GAP = stroke(2.2, 13.8, 13.8, 2.2, 4.2);
const EXCLAMATION = either(box(C, 6.5, 2, 4), box(C, 10.5, 2, 2));
const CHECK = either(stroke(4.6, 8.3, 7, 10.8, 1.9), stroke(7, 10.8, 11.4, 5.6, 1.9));

/** On macOS the system gives the colour; elsewhere what can be read on the bar. */
export const colourFor = (platform: NodeJS.Platform, darkBar: boolean): Colour =>
  platform !== 'darwin' && darkBar ? [255, 255, 255] : platform === 'darwin' ? [0, 0, 0] : [24, 24, 27];
