import type Electron from 'electron';

type ProtocolHandler = Parameters<Electron.Protocol['handle']>[1];
type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];

const handlers = new Map<string, ProtocolHandler>();
const schemes: Electron.CustomScheme[] = [];
let requestHandler: RequestHandler = null;
let checkHandler: CheckHandler = null;

export const protocol = {
  registerSchemesAsPrivileged: (customSchemes) => void schemes.push(...customSchemes),
  handle: (scheme, handler) => void handlers.set(scheme, handler),
  unhandle: (scheme) => void handlers.delete(scheme),
  isProtocolHandled: (scheme) => handlers.has(scheme),
} satisfies Partial<Electron.Protocol>;

/** Kept and never asked: whether Electron lets it see the answers of a protocol handler cannot be known here. */
const webRequest = {
  onHeadersReceived: () => undefined,
  onBeforeRequest: () => undefined,
} satisfies Partial<Electron.WebRequest>;

const defaultSession = {
  protocol,
  webRequest,
  setPermissionRequestHandler: (handler) => {
    requestHandler = handler;
  },
  setPermissionCheckHandler: (handler) => {
    checkHandler = handler;
  },
  setDevicePermissionHandler: () => undefined,
  setSpellCheckerEnabled: () => undefined,
} satisfies Partial<Omit<Electron.Session, 'protocol' | 'webRequest'>> & {
  readonly protocol: typeof protocol;
  readonly webRequest: typeof webRequest;
};

export const session = { defaultSession };

/** What main's protocol handler answers; undefined: nobody serves that. */
export const serve = async (url: string, method: string): Promise<Response | undefined> => {
  const scheme = new URL(url).protocol.slice(0, -1);
  const handler = handlers.get(scheme);
  if (handler === undefined || !schemes.some((custom) => custom.scheme === scheme)) return undefined;
  return handler(new Request(url, { method }) as Parameters<ProtocolHandler>[0]);
};

/** What main says to a page that asks for that; Electron's own answer is yes. */
export const permissions = {
  asks: (permission: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (requestHandler === null) resolve(true);
      else requestHandler({} as never, permission as never, resolve, {} as never);
    }),
  has: (permission: string): boolean =>
    checkHandler === null ? true : checkHandler(null, permission as never, '', {} as never),
};
