/**
 * Chromium without Electron refuses an unknown scheme before anybody can answer for it. So `app://bundle/x` is shown as
 * `https://bundle.app.double/x`, which is a secure place too, and main hears of the former only.
 */

const END = '.double';

export const toShown = (url: string): string => {
  const { protocol, host, pathname, search, hash } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' || protocol === 'about:' || protocol === 'data:'
    ? url
    : `https://${host}.${protocol.slice(0, -1)}${END}${pathname}${search}${hash}`;
};

export const fromShown = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const { host, pathname, search, hash } = new URL(url);
  const [, name, scheme] = /^(.+)\.([a-z]+)\.double$/.exec(host) ?? [];
  return name === undefined || scheme === undefined ? url : `${scheme}://${name}${pathname}${search}${hash}`;
};

export const originOf = (url: string): string => {
  const { protocol, host } = new URL(url);
  return host === '' ? 'null' : `${protocol}//${host}`;
};
