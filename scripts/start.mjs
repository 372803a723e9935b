#!/usr/bin/env node
// The way in: `npm start` and `ledgerline`. Plain JavaScript for Node 20 and later, because it runs before anything
// is installed. Writes to stderr only: stdout belongs to the program, whose output people pipe.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, runForwarding } from './lib/child.mjs';
import { findNode, nodeMissingMessage } from './lib/find-node.mjs';
import { ensureInstalled, InstallFailed, InstallStopped } from './lib/install.mjs';
import { ensurePage, PageFailed, PageStopped } from './lib/page.mjs';
import { personsFolder, typedAs } from './lib/person.mjs';
import { ENVIRONMENT, NODE_FLAGS } from './lib/program.mjs';

/** sysexits' EX_UNAVAILABLE: the program itself never ran, so none of its own codes would be true. */
const COULD_NOT_START = 69;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

/** Whether the program is about to serve the page. @param {readonly string[]} words */
const servesPage = ([command, ...rest]) =>
  command === 'web' && !rest.some((word) => word === '--help' || word === '-h');

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
  if (servesPage(words)) await ensurePage({ root, node: node.path, say });
  if (given.length === 0)
    say('The desktop app is not part of this version yet; its page is served for your browser instead.');
  const entry = join(root, 'src-main', 'headless', 'main.ts');
  const cwd = personsFolder({ env: process.env, cwd: process.cwd(), root });
  const args = [...NODE_FLAGS, entry, ...words];
  const env = { ...ENVIRONMENT, ...process.env, LEDGERLINE_TYPED_AS: typedAs({ env: process.env, root }) };
  endLike(await runForwarding(node.path, args, { cwd, stdio: 'inherit', env }));
};

try {
  await start();
} catch (error) {
  if (error instanceof InstallStopped || error instanceof PageStopped) {
    say(error.message);
    endLike({ code: null, signal: error.signal });
  } else {
    say(error instanceof Error ? error.message : String(error));
    if (error instanceof InstallFailed || error instanceof PageFailed) say(error.output);
    process.exitCode = COULD_NOT_START;
  }
}
