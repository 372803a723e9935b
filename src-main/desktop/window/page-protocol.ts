import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { protocol, type Session } from 'electron';
import { systemCode } from '../../engine/errors.ts';
import { pageHeaders } from '../../shell/page-policy.ts';

const SCHEME = 'app';
const HOST = 'bundle';
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

const HEADERS = pageHeaders("'none'", "require-trusted-types-for 'script'");

/** What the page is built of. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Has to be said before the app is ready. */
export const registerPageScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false } },
  ]);

export interface PageParts {
  /** The built page. */
  readonly folder: string;
  readonly cover: (name: string, grey: boolean) => Promise<Uint8Array | undefined>;
}

/** Serves the page's own files and covers, and nothing else of this computer. */
export const servePage = (session: Pick<Session, 'protocol' | 'webRequest'>, parts: PageParts): void => {
  session.protocol.handle(SCHEME, (request) => answer(new URL(request.url), request.method, parts));
  // A second time for whatever does not come by the handler: the policy belongs to the window, not to a file.
  session.webRequest.onHeadersReceived(({ responseHeaders }, done) =>
    done({ responseHeaders: { ...responseHeaders, ...HEADERS } }),
  );
};

const COVER = /^\/covers\/([0-9a-f]{32})(-grey)?\.webp$/;
/** The build makes no other names, so no path can be put together from an address. */
const FILE = /^\/(?:assets\/)?[\w-]+(?:\.[\w-]+)*$/;

const answer = async (url: URL, method: string, parts: PageParts): Promise<Response> => {
  if (url.host !== HOST || method !== 'GET') return nothing();
  const [, name, grey] = COVER.exec(url.pathname) ?? [];
  if (name !== undefined) return picture(await parts.cover(name, grey !== undefined));
  const type = TYPES[extname(url.pathname)];
  if (type === undefined || !FILE.test(url.pathname)) return nothing();
  try {
    const bytes = await readFile(join(parts.folder, url.pathname));
    return new Response(new Uint8Array(bytes), { headers: { ...HEADERS, 'content-type': type } });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return nothing();
    throw error;
  }
};

const picture = (bytes: Uint8Array | undefined): Response =>
  bytes === undefined
    ? nothing()
    : new Response(new Uint8Array(bytes), {
        // Its name never means another picture.
        headers: { ...HEADERS, 'content-type': 'image/webp', 'cache-control': 'max-age=31536000, immutable' },
      });

const nothing = (): Response =>
  new Response('There is nothing here.\n', {
    status: 404,
    headers: { ...HEADERS, 'content-type': 'text/plain' },
  });
