#!/usr/bin/env node
// `npm test`: all checks and all suites on a machine that has Node 20 or later, npm and, at best, apt.
// The last line is always `N passed, N failed`, whatever happened before it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPlan, findChromium } from './lib/chromium.mjs';
import { findNode, nodeMissingMessage } from './lib/find-node.mjs';
import { ensureInstalled, InstallFailed, npmCommand } from './lib/install.mjs';
import { ENVIRONMENT } from './lib/program.mjs';
import { runStep } from './lib/step.mjs';
import { closingLines, endedWell, sum, tallyStep, tallySuites } from './lib/tally.mjs';

/** @typedef {import('./lib/tally.mjs').Tally} Tally */

const MINUTE = 60_000;
const CHECKS = [
  { name: 'format', script: 'format:check', limitMs: 5 * MINUTE },
  { name: 'lint', script: 'lint', limitMs: 5 * MINUTE },
  { name: 'types', script: 'types', limitMs: 5 * MINUTE },
  { name: 'build', script: 'build', limitMs: 10 * MINUTE },
];
const SUITES = { name: 'suites', script: 'test:suite', limitMs: 20 * MINUTE };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
const stop = new AbortController();
/** @type {Tally[]} */
const tallies = [];

/** @param {string} remark */
const fail = (remark) => void tallies.push({ passed: 0, failed: 1, skipped: [], remarks: [remark] });

/** @param {string} name @param {string} reason */
const skip = (name, reason) =>
  void tallies.push({ passed: 0, failed: 0, skipped: [{ name, reason }], remarks: [] });

/** @param {string} name @param {Omit<import('./lib/step.mjs').Step, 'cwd'>} step */
const run = async (name, step) => {
  say(`\n== ${name} ==`);
  const ending = await runStep({ cwd: root, ...step }, stop.signal);
  say(`== ${name}: ${endedWell(ending) ? 'ok' : 'failed'}, ${ending.seconds.toFixed(1)} s ==`);
  return ending;
};

/** @returns {Promise<string | undefined>} the program's path; where there is none, the skip is noted */
const provideChromium = async () => {
  const found = findChromium(process.env);
  if (found) return found;
  const plan = chromiumPlan({
    apt: existsSync('/usr/bin/apt-get'),
    root: process.getuid?.() === 0,
    chosen: process.env['CHROMIUM_PATH'],
  });
  if (plan.install) {
    const commands = 'apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium';
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('Chromium, by apt', { command: 'sh', args: ['-c', commands], env, limitMs: 10 * MINUTE });
  }
  const installed = findChromium(process.env);
  if (!installed) skip('tests in Chromium', plan.advice);
  return installed;
};

/** @param {NodeJS.ProcessEnv} env @returns {Promise<boolean>} whether out/ was built from the sources as they are */
const runChecks = async (env) => {
  let isBuilt = false;
  for (const { name, script, limitMs } of CHECKS) {
    const ending = await run(name, { ...npmRun(script), env, limitMs });
    tallies.push(tallyStep(name, ending));
    if (stop.signal.aborted) return false;
    if (script === 'build') isBuilt = endedWell(ending);
  }
  return isBuilt;
};

/** @param {NodeJS.ProcessEnv} env @param {boolean} isBuilt the suites need not build it for themselves */
const runSuites = async (env, isBuilt) => {
  const folder = mkdtempSync(join(tmpdir(), 'ledgerline-suites-'));
  const log = join(folder, 'log.jsonl');
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/lib/suite-reporter.mjs'];
    const step = {
      ...npmRun(SUITES.script, reporters),
      env: { ...env, SUITE_LOG: log, ...(isBuilt ? { LEDGERLINE_TEST_BUILT: join(root, 'out') } : {}) },
      limitMs: SUITES.limitMs,
    };
    const ending = await run(SUITES.name, step);
    tallies.push(tallySuites(existsSync(log) ? readFileSync(log, 'utf8') : '', ending));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @param {string} script @param {readonly string[]} [args] */
const npmRun = (script, args = []) => {
  const npm = npmCommand(process.env, process.platform);
  return { command: npm.command, args: [...npm.args, 'run', '--silent', script, '--', ...args] };
};

const test = async () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await ensureInstalled({ root, dev: true, say });
  const node = findNode(root, engines.node);
  if (!node) {
    fail(nodeMissingMessage(engines.node, process.version, process.platform));
    return;
  }
  const chromium = await provideChromium();
  const env = {
    NODE_COMPILE_CACHE: ENVIRONMENT.NODE_COMPILE_CACHE,
    ...process.env,
    PATH: `${dirname(node.path)}${delimiter}${process.env['PATH'] ?? ''}`,
    ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }),
  };
  say(`Node ${node.version}; Chromium ${chromium ?? 'none'}`);
  const isBuilt = !stop.signal.aborted && (await runChecks(env));
  if (!stop.signal.aborted) await runSuites(env, isBuilt);
};

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => stop.abort(signal));

try {
  await test();
} catch (error) {
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof InstallFailed) say(error.output);
}
if (stop.signal.aborted)
  fail(`stopped by ${String(stop.signal.reason)}; what had not been run yet is not counted`);

const total = sum(tallies);
say('');
for (const line of closingLines(total)) say(line);
process.exitCode = total.failed > 0 ? 1 : 0;
