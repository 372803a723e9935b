import { typed } from '../typed.ts';

/** By day and by night, also on a phone; and no browser asks for an icon that is not there. */
const HEAD =
  '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">';

/** Small pages of words alone, for where the page itself cannot be shown. */
const page = (title: string, text: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8">${HEAD}<title>${title}</title>${head}</head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;

const AGAIN = `Press Enter where <code>${typed('web')}</code> runs, or start it again: it prints a link for this browser.`;

export const STRANGER_PAGE = page('This page needs its link', AGAIN);
export const USED_LINK_PAGE = page(
  'This link is not good any more',
  `It opens the page once, and for a quarter of an hour. ${AGAIN}`,
);
/** A second step, by a page of ours: a browser that came by a link in a mail would keep the cookie back in the first. */
export const ENTERED_PAGE = page(
  'Ledgerline',
  '<a href="./">Go on</a>',
  '<meta http-equiv="refresh" content="0;url=./">',
);
export const WRONG_HOST =
  'This address is none of this computer’s that the page is served under. Start it with --host to allow it.\n';
