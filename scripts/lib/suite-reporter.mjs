import { appendFileSync } from 'node:fs';

/** @typedef {import('vitest/node').Reporter} Reporter */

/**
 * A vitest reporter that writes one JSON line for each result, at once, to the file SUITE_LOG names:
 * what was counted is still there when the run itself crashes. tally.mjs reads it.
 * @implements {Reporter}
 */
export default class SuiteReporter {
  #path = process.env['SUITE_LOG'];

  /** @param {import('./tally.mjs').SuiteEvent} event */
  #write(event) {
    if (this.#path === undefined) throw new Error('SUITE_LOG names no file.');
    appendFileSync(this.#path, `${JSON.stringify(event)}\n`);
  }

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    const result = test.result();
    const name = `${test.module.relativeModuleId} > ${test.fullName}`;
    const note = result.state === 'skipped' ? (result.note ?? noteOf(test)) : undefined;
    this.#write({ kind: 'test', name, state: result.state, note });
  }

  /** @param {import('vitest/node').TestSuite} suite */
  onTestSuiteResult(suite) {
    if (suite.errors().length > 0)
      this.#write({ kind: 'broken', name: `${suite.module.relativeModuleId} > ${suite.fullName}` });
  }

  /** @param {import('vitest/node').TestModule} module */
  onTestModuleEnd(module) {
    if (module.errors().length > 0) this.#write({ kind: 'broken', name: module.relativeModuleId });
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} _modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(_modules, errors) {
    this.#write({ kind: 'end', errors: errors.length });
  }
}

/** @param {import('vitest/node').TestCase} test */
const noteOf = (test) => (test.options.mode === 'todo' ? 'not written yet' : undefined);
