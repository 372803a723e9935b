import type { Misbehaviour } from './types.ts';

const json = (
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Misbehaviour => ({
  do: 'answer',
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify({ error }),
});

const html = (
  status: number,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): Misbehaviour => ({
  do: 'answer',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
});

/** Answers that archives, and what stands before them, give in bad hours. */
export const UNAUTHORIZED = json(401, 'Unauthorized');
export const FORBIDDEN = json(403, 'Forbidden');
export const SERVER_ERROR = html(500, "We're sorry, but something went wrong (500)");
/** A captive portal, or a sign-in page of a proxy. */
export const HTML_PAGE = html(200, 'Welcome to the hotel');
/** `retryAfter` in seconds, or a date as HTTP writes it. */
export const tooManyRequests = (retryAfter: number | string): Misbehaviour =>
  json(429, 'Too many requests', { 'retry-after': String(retryAfter) });
export const unavailable = (retryAfter?: number | string): Misbehaviour =>
  html(503, 'Service Unavailable', retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
