import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.mjs';

export const chromiumPath = findChromium(process.env);

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-proxy-server',
    ],
  });

/** What a page must never do. */
export interface Watched {
  readonly page: Page;
  /** Errors on the console (Chromium tells violations of the policy there), uncaught ones, requests to another origin. */
  readonly offences: readonly string[];
  readonly close: () => Promise<void>;
}

/** A page of its own context; whatever it does that it must not is kept. */
export const watchedPage = async (
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 780 },
    locale: 'en-GB',
    ...options,
  });
  const offences: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => offences.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      offences.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) offences.push(`request: ${request.url()}`);
  });
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(`${origin.replace(/^http/, 'ws')}/`))
      offences.push(`socket: ${socket.url()}`);
  });
  return { page, offences, close: () => context.close() };
};
