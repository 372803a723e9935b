// Stands in for npm in a copy of the checkout: notes each call, and does what FAKE_NPM (JSON) says.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @type {{ ms?: number, ci?: number, run?: Record<string, number | string>, suite?: string, hang?: string }}
 *   `ms`: how long an installation takes; `ci`: its exit code; `run`: exit code or signal of a script;
 *   `suite`: what the reporter wrote; `hang`: the script that never ends by itself
 */
const orders = JSON.parse(process.env['FAKE_NPM'] ?? '{}');
const [command, ...rest] = process.argv.slice(2);
appendFileSync('npm-calls.log', `${JSON.stringify({ command, rest, path: process.env['PATH'] })}\n`);
process.stdout.write('npm says something on stdout\n');
process.stderr.write('npm says something on stderr\n');

if (command === 'ci') {
  await sleep(orders.ms ?? 0);
  if (orders.ci) process.exit(orders.ci);
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'));
} else {
  const script = rest.find((word) => !word.startsWith('-')) ?? '';
  if (script === 'test:suite') appendFileSync(process.env['SUITE_LOG'] ?? '', orders.suite ?? '');
  if (orders.hang === script) {
    process.stdout.write('hanging\n');
    await sleep(600_000);
  }
  const end = orders.run?.[script] ?? 0;
  if (typeof end === 'string') {
    process.kill(process.pid, end);
    await sleep(60_000);
  }
  process.exitCode = Number(end);
}
