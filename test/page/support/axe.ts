import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const isThere = (page: Page): Promise<boolean> => page.evaluate('"axe" in globalThis');

/** What axe-core, with all of its rules, finds wrong with the page as it stands: rule, then where. */
export const foundByAxe = async (page: Page): Promise<readonly string[]> => {
  if (!(await isThere(page))) await page.evaluate(AXE);
  const { violations, passes }: AxeResults = await page.evaluate('axe.run({ preload: false })');
  if (passes.length === 0) throw new Error('axe-core looked at nothing');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} (${help}): ${target.join(' ')} ${failureSummary}`),
  );
};
