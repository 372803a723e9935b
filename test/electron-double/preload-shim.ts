/**
 * What is run in a page before its own scripts: the built preload, with the three things of Electron that a sandboxed
 * one can have. It runs in the page's own world, as Chromium alone has no isolated one to offer here: two names of the
 * double stay visible on the window.
 */

/** Carries a message to main; Playwright puts it into every frame. */
export const TO_MAIN = '__electronDoubleToMain';
/** Called with what main sends. */
export const HEAR = '__electronDoubleHear';
/** Where a test says which path stands behind a File, by its name. */
export const PATHS = '__electronDoublePaths';

/** @param preload the built file, CommonJS */
export const preloadScript = (preload: string): string => `(() => {
  if (window.top !== window) return;
  const listeners = new Map();
  const toMain = window.${TO_MAIN};
  const add = (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
  Object.defineProperty(window, '${HEAR}', { value: (channel, args) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
  } });
  // Copies what crosses, as the bridge between two worlds does; functions become functions that copy.
  const crossed = (value) => {
    if (typeof value === 'function') return (...args) => {
      const result = value(...args);
      return result instanceof Promise ? result.then(crossed) : crossed(result);
    };
    if (value instanceof File || value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(crossed);
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, crossed(inner)])));
  };
  const electron = {
    ipcRenderer: {
      send: (channel, ...args) => void toMain({ kind: 'send', channel, args: structuredClone(args) }),
      invoke: async (channel, ...args) => {
        const answer = await toMain({ kind: 'invoke', channel, args: structuredClone(args) });
        if (!answer.ok) throw new Error(answer.message);
        return answer.value;
      },
      on: add,
    },
    contextBridge: {
      exposeInMainWorld: (name, api) =>
        Object.defineProperty(window, name, { value: crossed(api), enumerable: true }),
    },
    webUtils: {
      getPathForFile: (file) => {
        if (!(file instanceof File)) throw new TypeError('Not a File');
        return window.${PATHS}?.[file.name] ?? '';
      },
    },
  };
  const required = (name) => {
    if (name === 'electron') return electron;
    throw new Error('A sandboxed preload has no ' + name);
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })(required, module, module.exports);
})();`;
