#!/usr/bin/env node
// The way in: `npm start` and `ledgerline`. Plain JavaScript for Node 20 and later, because it runs before anything
// is installed. Writes to stderr only: stdout belongs to the program, whose output people pipe.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildFailed, BuildStopped, DESKTOP, ensureBuilt, PAGE } from './lib/build.mjs';
import { endLike, runForwarding } from './lib/child.mjs';
import { ensureElectron, FetchStopped, openDesktop, whyNoWindow } from './lib/electron.mjs';
import { findNode, nodeMissingMessage } from './lib/find-node.mjs';
import { ensureInstalled, InstallFailed, InstallStopped } from './lib/install.mjs';

import { personsFolder, typedAs } from './lib/person.mjs';
import { ENVIRONMENT, NODE_FLAGS } from './lib/program.mjs';

/** sysexits' EX_UNAVAILABLE: the program itself never ran, so none of its own codes would be true. */
const COULD_NOT_START = 69;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

/** Whether the program is about to serve the page. @param {readonly string[]} words */
const servesPage = ([command, ...rest]) =>
  command === 'web' && !rest.some((word) => word === '--help' || word === '-h');

/**
 * The desktop app, to its end, where it can be opened.
 * @param {{ node: string, cwd: string }} place
 * @returns {Promise<{ readonly ending: import('./lib/child.mjs').Ending } | { readonly why: string }>}
 */
const tryDesktop = async ({ node, cwd }) => {
  const { env, platform } = process;
  const why = whyNoWindow({ env, platform, uid: process.getuid?.() });
  if (why !== undefined) return { why };
  const electron = await ensureElectron({ root, node, env, say });
  if ('why' in electron) return electron;
  await ensureBuilt(DESKTOP, { root, node, say });
  return openDesktop({ electron: electron.path, root, cwd, env });
};

const start = async () => {
  const given = process.argv.slice(2);
  const words = given.length === 0 ? ['web'] : given;
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // What builds the page is needed only where the page is.
  await ensureInstalled({ root, dev: servesPage(words), say });
  const node = findNode(root, engines.node);
  if (!node) {
    say(nodeMissingMessage(engines.node, process.version, process.platform));
    process.exitCode = COULD_NOT_START;
    return;
  }
  const cwd = personsFolder({ env: process.env, cwd: process.cwd(), root });
  if (given.length === 0) {
    const desktop = await tryDesktop({ node: node.path, cwd });
    if ('ending' in desktop) return endLike(desktop.ending);
    say(`${desktop.why}; its page is served for your browser instead.`);
  }
  if (servesPage(words)) await ensureBuilt(PAGE, { root, node: node.path, say });
  const entry = join(root, 'src-main', 'headless', 'main.ts');
  const args = [...NODE_FLAGS, entry, ...words];
  const env = { ...ENVIRONMENT, ...process.env, LEDGERLINE_TYPED_AS: typedAs({ env: process.env, root }) };
  endLike(await runForwarding(node.path, args, { cwd, stdio: 'inherit', env }));
};

try {
  await start();
} catch (error) {
  if (error instanceof InstallStopped || error instanceof BuildStopped || error instanceof FetchStopped) {
    say(error.message);
    endLike({ code: null, signal: error.signal });
  } else {
    say(error instanceof Error ? error.message : String(error));
    if (error instanceof InstallFailed || error instanceof BuildFailed) say(error.output);
    process.exitCode = COULD_NOT_START;
  }
}
