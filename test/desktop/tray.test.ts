import { describe, expect, test } from 'vitest';
import type { Menu, MenuItemConstructorOptions, NativeImage } from 'electron';
import { formatsFor } from '../../shared/formats.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import type { BarProgress } from '../../src-main/desktop/tray/standing.ts';
import { createTrayIcon } from '../../src-main/desktop/tray/tray.ts';
import { handClock } from '../kit/clocks.ts';
import { standingOf, stateOf, workOf } from '../kit/page-states.ts';

interface Image {
  readonly scales: number[];
  readonly pictures: string[];
  isTemplate: boolean;
}

/** The system's tray, as far as it is asked; Electron itself cannot run here. */
const trayWorld = (platform: NodeJS.Platform = 'linux') => {
  const clock = handClock(Date.UTC(2026, 10, 22, 22, 0));
  const images: Image[] = [];
  const toolTips: string[] = [];
  const menus: MenuItemConstructorOptions[][] = [];
  const bars: BarProgress[] = [];
  const deeds: string[] = [];
  const listeners: (() => void)[] = [];
  let clicked = (): void => undefined;
  const theme = {
    shouldUseDarkColorsForSystemIntegratedUI: true,
    on: (_event: string, listener: () => void) => void listeners.push(listener),
    off: () => void listeners.splice(0),
  };
  const asImage = (image: NativeImage): Image => image as unknown as Image;
  class Tray {
    constructor(image: NativeImage) {
      images.push(asImage(image));
    }
    setImage(image: NativeImage): void {
      images.push(asImage(image));
    }
    setToolTip(text: string): void {
      toolTips.push(text);
    }
    setContextMenu(menu: unknown): void {
      menus.push(menu as MenuItemConstructorOptions[]);
    }
    on(_event: string, listener: () => void): this {
      clicked = listener;
      return this;
    }
    destroy(): void {
      deeds.push('destroyed');
    }
  }
  const icon = createTrayIcon(
    {
      Tray: Tray as never,
      Menu: { buildFromTemplate: (template) => template as unknown as Menu },
      nativeImage: {
        createEmpty: () => {
          const image = {
            scales: [] as number[],
            pictures: [] as string[],
            isTemplate: false,
            addRepresentation: (one: { scaleFactor: number; dataURL: string }) => {
              image.scales.push(one.scaleFactor);
              image.pictures.push(one.dataURL);
            },
            setTemplateImage: (is: boolean) => void (image.isTemplate = is),
          };
          return image as unknown as NativeImage;
        },
      },
      nativeTheme: theme as never,
    },
    {
      platform,
      clock,
      formats: formatsFor('en-GB', 'UTC'),
      deeds: {
        open: () => void deeds.push('open'),
        pause: (length) => void deeds.push(`pause ${length}`),
        resume: () => void deeds.push('resume'),
        quit: () => void deeds.push('quit'),
        showProgress: (progress) => void bars.push(progress),
      },
    },
  );
  return {
    clock,
    icon,
    images,
    toolTips,
    menus,
    bars,
    deeds,
    click: () => clicked(),
    setDark: (dark: boolean) => {
      theme.shouldUseDarkColorsForSystemIntegratedUI = dark;
      for (const listener of listeners) listener();
    },
  };
};

const stateAt = (archived: number, bytesPerSecond = 1_000_000): PageState =>
  stateOf({
    standing: standingOf({
      archived,
      waiting: 1000 - archived,
      bytesArchived: archived,
      bytesWaiting: 1000 - archived,
    }),
    work: workOf({ bytesPerSecond }),
  });

/** Sleepers wake in microtasks. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const labels = (menu: readonly MenuItemConstructorOptions[] | undefined) =>
  (menu ?? []).flatMap(({ label }) => label ?? []);

describe('the tray', () => {
  test('is drawn at most once a second, and the newest is what it shows then', async () => {
    const { icon, clock, toolTips } = trayWorld();
    expect(toolTips).toEqual(['Ledgerline is starting']);
    for (let i = 1; i <= 30; i += 1) {
      icon.show(stateAt(i));
      clock.advance(50);
      await settle();
    }
    expect(toolTips).toEqual(['Ledgerline is starting', '20 of 1,000 · 1.0 MB/s']);
    clock.advance(1000);
    await settle();
    expect(toolTips.at(-1)).toBe('30 of 1,000 · 1.0 MB/s');
  });

  test('is left alone while nothing changes that can be seen', async () => {
    const { icon, clock, toolTips, images, menus, bars } = trayWorld();
    icon.show(stateAt(100));
    clock.advance(1000);
    await settle();
    const before = [toolTips.length, images.length, menus.length, bars.length];
    for (let i = 0; i < 20; i += 1) {
      icon.show(stateAt(100));
      clock.advance(1000);
      await settle();
    }
    expect([toolTips.length, images.length, menus.length, bars.length]).toEqual(before);
    // One more track is told in words; the ring could not show it.
    icon.show(stateAt(101));
    clock.advance(1000);
    await settle();
    expect([toolTips.length, images.length]).toEqual([(before[0] ?? 0) + 1, before[1]]);
  });

  test('has a picture for each scale of a screen, and takes the colour of the bar', async () => {
    const { clock, images, setDark } = trayWorld();
    expect(images.at(-1)?.scales).toEqual([1, 1.25, 1.5, 2, 3]);
    clock.advance(1000);
    const before = images.at(-1)?.pictures;
    setDark(false);
    await settle();
    expect(images.at(-1)?.pictures).not.toEqual(before);
    expect(images.at(-1)?.isTemplate).toBe(false);
  });

  test('leaves the colour to macOS', () => {
    expect(trayWorld('darwin').images.every(({ isTemplate }) => isTemplate)).toBe(true);
  });

  test('offers what fits: to pause, to resume, to open and to quit', async () => {
    const { icon, clock, menus, deeds, click } = trayWorld();
    expect(labels(menus.at(-1))).toEqual(['Ledgerline is starting', 'Open Ledgerline', 'Quit Ledgerline']);
    clock.advance(1000);
    icon.show(stateAt(100));
    expect(labels(menus.at(-1))).toEqual([
      '100 of 1,000 · 1.0 MB/s',
      'Pause',
      'Pause for an hour',
      'Pause until tonight',
      'Open Ledgerline',
      'Quit Ledgerline',
    ]);
    for (const item of menus.at(-1) ?? []) (item.click as (() => void) | undefined)?.();
    const paused = stateAt(100);
    clock.advance(1000);
    icon.show({ ...paused, settings: { ...paused.settings, pause: { until: null } } });
    expect(labels(menus.at(-1)).slice(1, 2)).toEqual(['Resume']);
    for (const item of menus.at(-1) ?? []) if (item.label === 'Resume') (item.click as () => void)();
    click();
    await settle();
    expect(deeds).toEqual([
      'pause until_resumed',
      'pause hour',
      'pause tonight',
      'open',
      'quit',
      'resume',
      'open',
    ]);
  });

  test('does not change its menu under the hand for a number alone', async () => {
    const { icon, clock, menus } = trayWorld();
    clock.advance(1000);
    icon.show(stateAt(100));
    const before = menus.length;
    for (let i = 1; i <= 9; i += 1) {
      clock.advance(1000);
      icon.show(stateAt(100 + i));
      await settle();
    }
    expect(menus).toHaveLength(before);
    clock.advance(1000);
    icon.show(stateAt(200));
    await settle();
    expect(menus).toHaveLength(before + 1);
    expect(labels(menus.at(-1))[0]).toMatch(/^200 of/);
  });

  test('is gone after it was closed, and draws nothing any more', async () => {
    const { icon, clock, deeds, toolTips } = trayWorld();
    icon.show(stateAt(1));
    icon.close();
    clock.advance(5000);
    await settle();
    expect(deeds).toEqual(['destroyed']);
    expect(toolTips).toEqual(['Ledgerline is starting']);
  });
});
