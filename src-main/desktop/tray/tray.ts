import type { Menu, MenuItemConstructorOptions, NativeImage, NativeTheme, Tray } from 'electron';
import type { PageState } from '../../../shared/bridge/state.ts';
import type { Formats } from '../../../shared/formats.ts';
import type { Clock } from '../../engine/clock.ts';
import { createPaced } from '../paced.ts';
import { colourFor, drawable, drawIcon, type TrayPicture } from './icon.ts';
import { pngOf } from './png.ts';
import { type BarProgress, barProgress, trayStanding, type TrayStanding } from './standing.ts';

export interface TrayElectron {
  readonly Tray: new (
    image: NativeImage,
  ) => Pick<Tray, 'setImage' | 'setToolTip' | 'setContextMenu' | 'on' | 'destroy'>;
  readonly Menu: { readonly buildFromTemplate: (template: MenuItemConstructorOptions[]) => Menu };
  readonly nativeImage: { readonly createEmpty: () => NativeImage };
  readonly nativeTheme: Pick<NativeTheme, 'shouldUseDarkColorsForSystemIntegratedUI' | 'on' | 'off'>;
}

/** What its menu does. */
export interface TrayDeeds {
  readonly open: () => void;
  readonly pause: (length: 'hour' | 'tonight' | 'until_resumed') => void;
  readonly resume: () => void;
  readonly quit: () => void;
  /** On the task bar's button or the dock's icon. */
  readonly showProgress: (progress: BarProgress) => void;
}

export interface TrayIcon {
  /** undefined: the engine is away. */
  readonly show: (state: PageState | undefined) => void;
  /** The window, whose button shows progress, is another one. */
  readonly windowIsNew: () => void;
  readonly close: () => void;
}

const EVERY_MS = 1_000;
/** A menu that is open must not change under the hand more often than that for a number alone. */
const MENU_MS = 10_000;
/** Windows and Linux have scales between the whole ones. */
const SCALES = [1, 1.25, 1.5, 2, 3] as const;

export const createTrayIcon = (
  { Tray: TrayOfSystem, Menu: MenuOfSystem, nativeImage, nativeTheme }: TrayElectron,
  deps: {
    readonly platform: NodeJS.Platform;
    readonly clock: Clock;
    readonly formats: Formats;
    readonly deeds: TrayDeeds;
  },
): TrayIcon => {
  const { platform, clock, formats, deeds } = deps;
  let state: PageState | undefined;

  const imageOf = (picture: TrayPicture): NativeImage => {
    const image = nativeImage.createEmpty();
    const colour = colourFor(platform, nativeTheme.shouldUseDarkColorsForSystemIntegratedUI);
    for (const scaleFactor of SCALES) {
      const size = Math.round(sizeOn(platform) * scaleFactor);
      const png = pngOf(drawIcon(picture, size), size, colour);
      image.addRepresentation({ scaleFactor, dataURL: `data:image/png;base64,${png.toString('base64')}` });
    }
    if (platform === 'darwin') image.setTemplateImage(true);
    return image;
  };

  const menuOf = ({ line, offers }: TrayStanding): Menu =>
    MenuOfSystem.buildFromTemplate(trayMenu(line, offers, deeds));

  const standingNow = (): TrayStanding => trayStanding(state, clock.now(), formats);
  const nameOf = (picture: TrayPicture): string =>
    JSON.stringify([drawable(picture), nativeTheme.shouldUseDarkColorsForSystemIntegratedUI]);
  const first = standingNow();
  const tray = new TrayOfSystem(imageOf(first));
  let shown = {
    picture: nameOf(first),
    line: '',
    menu: '',
    menuLine: '',
    menuAt: Number.NEGATIVE_INFINITY,
    bar: '',
  };

  const draw = (): void => {
    const standing = standingNow();
    const picture = nameOf(standing);
    if (picture !== shown.picture) tray.setImage(imageOf(standing));
    if (standing.line !== shown.line) tray.setToolTip(standing.line);
    const progress = barProgress({ ...standing, ...drawable(standing) });
    const bar = JSON.stringify(progress);
    if (bar !== shown.bar) deeds.showProgress(progress);
    showMenu(standing);
    shown = { ...shown, picture, line: standing.line, bar };
  };
  const showMenu = (standing: TrayStanding): void => {
    const menu = JSON.stringify([standing.shape, standing.offers]);
    const now = clock.monotonic();
    if (menu === shown.menu && (standing.line === shown.menuLine || now - shown.menuAt < MENU_MS)) return;
    tray.setContextMenu(menuOf(standing));
    shown = { ...shown, menu, menuLine: standing.line, menuAt: now };
  };

  const paced = createPaced<void>(clock, EVERY_MS, draw);
  const redraw = (): void => paced.tell();
  nativeTheme.on('updated', redraw);
  // A click on macOS opens the menu.
  if (platform !== 'darwin') tray.on('click', deeds.open);
  redraw();

  return {
    show: (next) => {
      state = next;
      redraw();
    },
    windowIsNew: () => {
      shown = { ...shown, bar: '' };
      redraw();
    },
    close: () => {
      nativeTheme.off('updated', redraw);
      paced.close();
      tray.destroy();
    },
  };
};

/** As wide and high as the system's own icons there. */
const sizeOn = (platform: NodeJS.Platform): number => (platform === 'linux' ? 22 : 16);

export const trayMenu = (
  line: string,
  offers: TrayStanding['offers'],
  deeds: TrayDeeds,
): MenuItemConstructorOptions[] => [
  { label: line, enabled: false },
  { type: 'separator' },
  ...(offers === 'resume' ? [{ label: 'Resume', click: deeds.resume }] : []),
  ...(offers === 'pause'
    ? [
        { label: 'Pause', click: () => deeds.pause('until_resumed') },
        { label: 'Pause for an hour', click: () => deeds.pause('hour') },
        { label: 'Pause until tonight', click: () => deeds.pause('tonight') },
      ]
    : []),
  ...(offers === undefined ? [] : [{ type: 'separator' } as const]),
  { label: 'Open Ledgerline', click: deeds.open },
  { label: 'Quit Ledgerline', click: deeds.quit },
];
