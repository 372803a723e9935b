import { registerHooks } from 'node:module';

/**
 * Lets `electron` mean the double, for `import` and `require` alike, packages' own included. An address that ends in
 * `?launch=7` belongs to the seventh launch of the app: what it imports is loaded anew for that launch, as a new process
 * would.
 */
const ELECTRON = new URL('module.ts', import.meta.url).href;
const DOUBLE = new URL('./', import.meta.url).href;
const launchOf = (url: string | undefined): string | undefined => /\?(launch=\d+)$/.exec(url ?? '')?.[1];

registerHooks({
  resolve: (specifier, context, next) => {
    const launch = launchOf(context.parentURL);
    if (specifier === 'electron' && launch !== undefined)
      return { url: `${ELECTRON}?${launch}`, format: 'module-typescript', shortCircuit: true };
    const found = next(specifier, context);
    const isOurs = found.url.startsWith(DOUBLE) || /\/out\/(main|preload)\//.test(found.url);
    return launch === undefined || !isOurs || found.url.includes('?')
      ? found
      : { ...found, url: `${found.url}?${launch}` };
  },
});
