/**
 * @typedef {{ readonly name: string, readonly reason: string }} Skip
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: readonly Skip[],
 *   readonly remarks: readonly string[] }} Tally
 * @typedef {{ readonly code: number | null, readonly signal: string | null, readonly timedOut: boolean }} StepEnding
 * @typedef {{ kind: 'test', name: string, state: string, note?: string | undefined }
 *   | { kind: 'broken', name: string } | { kind: 'end', errors: number }} SuiteEvent
 *   one line each of what suite-reporter.mjs writes
 */

/** @param {StepEnding} ending */
export const endedWell = ({ code, signal, timedOut }) => code === 0 && signal === null && !timedOut;

/** @param {StepEnding} ending */
const howItEnded = ({ code, signal, timedOut }) =>
  timedOut ? 'took too long and was stopped' : signal ? `ended by ${signal}` : `ended with code ${code}`;

/**
 * A check without counts of its own, such as the lint, is one passed or one failed.
 * @param {string} name
 * @param {StepEnding} ending
 * @returns {Tally}
 */
export const tallyStep = (name, ending) =>
  endedWell(ending)
    ? { passed: 1, failed: 0, skipped: [], remarks: [] }
    : { passed: 0, failed: 1, skipped: [], remarks: [`${name}: ${howItEnded(ending)}`] };

/**
 * Counts the suites from what their reporter wrote down as they went, so that a crash loses none of it.
 * Whatever is not a test and went wrong (a file that does not load, an error outside of any test, a crash, a
 * time-out, nothing run at all) is one failed each: the sum can never look better than the run was.
 * @param {string} log JSON lines
 * @param {StepEnding} ending
 * @returns {Tally}
 */
export const tallySuites = (log, ending) => {
  const events = readEvents(log);
  const tests = events.flatMap((event) => (event.kind === 'test' ? [event] : []));
  const passed = tests.filter(({ state }) => state === 'passed').length;
  const failures = tests.filter(({ state }) => state === 'failed').map(({ name }) => `failed: ${name}`);
  const broken = events.flatMap((event) => (event.kind === 'broken' ? [`could not run: ${event.name}`] : []));
  const end = events.find((event) => event.kind === 'end');
  const remarks = [...failures, ...broken];
  if (!end || ending.timedOut || ending.signal)
    remarks.push(`suites: ${howItEnded(ending)} before they were through`);
  for (let error = 0; error < (end?.errors ?? 0); error += 1)
    remarks.push('suites: an error outside of any test');
  if (passed + failures.length === 0) remarks.push('suites: no test was run');
  if (remarks.length === 0 && !endedWell(ending)) remarks.push(`suites: ${howItEnded(ending)}`);
  return {
    passed,
    failed: remarks.length,
    skipped: tests
      .filter(({ state }) => state === 'skipped')
      .map(({ name, note }) => ({ name, reason: note ?? 'no reason given' })),
    remarks,
  };
};

/**
 * @param {string} log
 * @returns {SuiteEvent[]}
 */
const readEvents = (log) => {
  const lines = log.split('\n');
  // Only whole lines end with a newline; the rest of one that a crash cut short is not an event.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
};

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export const sum = (tallies) => ({
  passed: tallies.reduce((total, { passed }) => total + passed, 0),
  failed: tallies.reduce((total, { failed }) => total + failed, 0),
  skipped: tallies.flatMap(({ skipped }) => skipped),
  remarks: tallies.flatMap(({ remarks }) => remarks),
});

/**
 * What stands at the very end: the failures by name, the skips with their reasons, the closing line.
 * @param {Tally} tally
 * @returns {string[]}
 */
export const closingLines = ({ passed, failed, skipped, remarks }) => [
  ...remarks,
  ...skipped.map(({ name, reason }) => `skipped: ${name}: ${reason}`),
  `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
];
