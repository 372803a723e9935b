import type Electron from 'electron';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Frame, Page, Request, Route } from 'playwright-core';
import { fromShown, originOf, toShown } from './addresses.ts';
import { Emitter, preventable, type Without } from './emitter.ts';
import { type FromRenderer, ipcMain } from './ipc-main.ts';
import { HEAR, preloadScript, TO_MAIN } from './preload-shim.ts';
import { serve, session } from './session.ts';
import { world } from './world.ts';

const NO_CONTENT = 204;

/** One frame of a page, the same object each time, as main compares them. */
class WebFrameMain {
  readonly #frame: Frame | undefined;
  constructor(frame?: Frame) {
    this.#frame = frame;
  }
  get url(): string {
    return fromShown(this.#frame?.url() ?? '');
  }
  get origin(): string {
    return this.url === '' ? '' : originOf(this.url);
  }
}

type Members = 'send' | 'getURL' | 'isDestroyed' | 'setWindowOpenHandler' | 'reload' | 'openDevTools' | 'id';
type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

let lastId = 0;
const byPage = new Map<Page, WebContents>();

/** A page of Chromium with the built preload in it. */
export class WebContents extends Emitter implements Without<Electron.WebContents, Members> {
  readonly id: number;
  readonly session = session.defaultSession;
  readonly page: Promise<Page>;
  readonly #frames = new Map<Frame, WebFrameMain>();
  #main = new WebFrameMain();
  #url = '';
  #expected: string | undefined;
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  #sending: Promise<unknown> = Promise.resolve();
  isGone = false;

  constructor(
    preferences: Electron.WebPreferences,
    size: { readonly width: number; readonly height: number },
  ) {
    super();
    lastId += 1;
    this.id = lastId;
    this.page = this.#open(preferences, size);
    this.page.catch(() => undefined);
  }

  async #open(preferences: Electron.WebPreferences, size: { width: number; height: number }): Promise<Page> {
    const context = await contextOfApp();
    const page = await context.newPage();
    byPage.set(page, this);
    await page.setViewportSize(size);
    if (preferences.preload !== undefined)
      await page.addInitScript(preloadScript(readFileSync(preferences.preload, 'utf8')));
    this.#main = this.frameOf(page.mainFrame());
    page.on('pageerror', (error) => world.offences.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        world.offences.push(
          `console: ${message.text()} ${message.location().url}:${message.location().lineNumber}:${message.location().columnNumber}`,
        );
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = frame.url();
    });
    return page;
  }

  get mainFrame(): WebFrameMain {
    return this.#main;
  }
  frameOf(frame: Frame): WebFrameMain {
    const known = this.#frames.get(frame) ?? new WebFrameMain(frame);
    this.#frames.set(frame, known);
    return known;
  }

  async load(url: string): Promise<void> {
    const page = await this.page;
    this.#expected = toShown(url);
    try {
      await page.goto(this.#expected);
    } catch (error) {
      throw this.isGone ? new Error(`ERR_ABORTED (-3) loading '${url}'`) : error;
    }
    this.emit('did-finish-load');
  }
  reload(): void {
    void this.page.then((page) => page.reload());
  }

  /** Whether the page may go there; main's guards are asked about all that main itself did not begin. */
  mayNavigate(shown: string, isMainFrame: boolean): boolean {
    if (isMainFrame && (shown === this.#expected || shown === this.#url)) {
      this.#expected = undefined;
      return true;
    }
    const url = fromShown(shown);
    const event = preventable({ url, isMainFrame, isSameDocument: false });
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event, url);
    if (event.defaultPrevented) world.refusedNavigations.push(url);
    return !event.defaultPrevented;
  }
  opens(url: string): void {
    const answer = this.#openHandler({
      url,
      frameName: '',
      disposition: 'new-window',
    } as Electron.HandlerDetails);
    if (answer.action === 'deny') world.refusedWindows.push(url);
    else world.offences.push(`a window was opened: ${url}`);
  }

  send(channel: string, ...args: unknown[]): void {
    // In the order in which they were sent; a page that is going away hears nothing more.
    this.#sending = Promise.all([this.page, this.#sending]).then(([page]) =>
      page
        .mainFrame()
        .evaluate(
          ([hear, name, sent]) =>
            (globalThis as unknown as Record<string, ((...message: unknown[]) => void) | undefined>)[hear]?.(
              name,
              sent,
            ),
          [HEAR, channel, args] as const,
        )
        .catch((error: unknown) => {
          if (!this.isGone && !/closed|navigat|destroyed/i.test(String(error)))
            world.offences.push(`not sent: ${String(error)}`);
        }),
    );
  }
  getURL(): string {
    return fromShown(this.#url);
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }
  openDevTools(): void {}
}

/** All windows of one launch share a context, as they share a session. */
const contextOfApp = (): Promise<BrowserContext> => (world.context ??= openContext());

const openContext = async (): Promise<BrowserContext> => {
  if (world.browser === undefined) throw new Error('No browser was given to the double');
  const context = await world.browser.newContext({
    locale: 'en-GB',
    colorScheme: world.isDark ? 'dark' : 'light',
  });
  await context.exposeBinding(TO_MAIN, ({ page, frame }, message: FromRenderer) => {
    const contents = byPage.get(page);
    if (contents === undefined) throw new Error('This page belongs to no window');
    return ipcMain.deliver({ sender: contents, senderFrame: contents.frameOf(frame) }, message);
  });
  await context.route('**/*', answer);
  // Chromium opens a window before anybody can be asked; what it would show is what main is asked about, in `answer`.
  context.on('page', (page) => {
    void page.opener().then((opener) => (opener === null ? undefined : page.close()));
  });
  return context;
};

const answer = async (route: Route): Promise<void> => {
  const request = route.request();
  const frame = request.isNavigationRequest() ? frameOf(request) : undefined;
  if (request.isNavigationRequest() && frame === undefined) {
    byPage.values().next().value?.opens(fromShown(request.url()));
    return route.abort('blockedbyclient');
  }
  const contents = frame === undefined ? undefined : byPage.get(frame.page());
  if (frame !== undefined && contents?.mayNavigate(request.url(), frame.parentFrame() === null) === false)
    // Broken off, Chromium would show a page of its own.
    return route.fulfill({ status: NO_CONTENT });
  const response = await serve(fromShown(request.url()), request.method());
  if (response === undefined) {
    world.refusedRequests.push(request.url());
    return route.abort('blockedbyclient');
  }
  return route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
};

/** undefined: of a window that a page is about to open, which has no frame yet. */
const frameOf = (request: Request): Frame | undefined => {
  try {
    const frame = request.frame();
    return byPage.has(frame.page()) ? frame : undefined;
  } catch {
    return undefined;
  }
};
