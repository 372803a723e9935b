import { describe, expect, test } from 'vitest';
import type { PageFailureGroup } from '../../shared/bridge/calls.ts';
import { chromiumPath } from '../kit/browser.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

const group = (some: Partial<PageFailureGroup>): PageFailureGroup => ({
  code: 'one',
  state: 'failed',
  message: 'We may not read this file.',
  advice: 'Allow it.',
  count: 1,
  examples: [],
  ...some,
});

const examples = (...paths: readonly string[]): PageFailureGroup['examples'] =>
  paths.map((path, i) => ({ path, track: i + 1 }));

describe.skipIf(chromiumPath === undefined)('what needs attention', () => {
  const open = scriptedPages('attention');
  const four = stateOf({ standing: standingOf({ archived: 7, failed: 4 }) });
  const failures = (): PageFailureGroup[] => [
    group({ count: 3, examples: examples('/a', '/b') }),
    group({ code: 'two', message: 'It is too large.', examples: examples('/c') }),
  ];

  test('a folder that cannot be looked into is called a folder', async () => {
    const { page, says, offences } = await open(four, {
      failures: () => [...failures(), group({ code: 'folder_unreadable', count: 2 })],
    });
    await says(/need attention/);
    await page.getByRole('heading', { name: '3 tracks' }).waitFor();
    await page.getByRole('heading', { name: '2 folders' }).waitFor();
    expect(offences).toEqual([]);
  });

  test('stands in groups, and is tried again or ignored one by one', async () => {
    const { page, host, says, asked } = await open(four, { failures });
    await says(/4 tracks need attention/);
    await page.getByText('and 1 more').waitFor();
    await page.getByRole('button', { name: 'Retry these: We may not read this file.' }).click();
    await page.getByRole('button', { name: 'Ignore it: It is too large.' }).click();
    await page.getByRole('button', { name: 'Retry all' }).click();
    await waitFor('all of them', () => asked('retry').length + asked('ignore').length === 4);
    expect([asked('retry'), asked('ignore')]).toEqual([['one', 'one', 'two'], ['two']]);
    host.push(stateOf({ standing: standingOf({ archived: 11 }) }));
    await says(/Nothing needs you/);
    expect(await page.getByRole('button').count()).toBe(0);
  });

  test('what is left out is told apart by who left it out, and what a person left out can be taken back', async () => {
    const { page, says, asked } = await open(stateOf({ standing: standingOf({ archived: 7, skipped: 5 }) }), {
      failures: () => [
        group({ code: 'ignored', state: 'ignored', message: 'You ignored these.', count: 2 }),
        group({ code: 'empty', state: 'skipped', message: 'These files are empty.', count: 3 }),
      ],
    });
    await says(/Nothing needs you/);
    await page.getByRole('heading', { name: 'Left out because you said so' }).waitFor();
    await page.getByRole('heading', { name: 'Left out, here to be known' }).waitFor();
    await page.getByRole('button', { name: 'Take these back: You ignored these.' }).click();
    await waitFor('the call', () => asked('retry').length === 1);
    expect(asked('retry')).toEqual(['ignored']);
    expect(await page.getByRole('button').count()).toBe(1);
  });

  test('to retry all of it takes back nothing that a person left out', async () => {
    const { page, asked } = await open(stateOf({ standing: standingOf({ failed: 4, skipped: 2 }) }), {
      failures: () => [...failures(), group({ code: 'ignored', state: 'ignored', count: 2 })],
    });
    await page.getByRole('button', { name: 'Retry all' }).click();
    await waitFor('both causes', () => asked('retry').length >= 2);
    expect(asked('retry')).toEqual(['one', 'two']);
  });

  test('a file leads to its own page and, on a desktop, to its folder', async () => {
    const { page, asked } = await open(four, { failures, capabilities: () => DESKTOP });
    expect(await page.getByRole('link', { name: '/b' }).getAttribute('href')).toBe('#track/2');
    await page.getByRole('button', { name: 'Show in folder: /b' }).click();
    await waitFor('the call', () => asked('reveal').length === 1);
    expect(asked('reveal')).toEqual([2]);
  });

  test('while many fail one after another, they are not asked for each time', async () => {
    const { host, says, asked } = await open(stateOf({ standing: standingOf({ failed: 1 }) }), { failures });
    await waitFor('the groups', () => asked('failures').length >= 1);
    for (let failed = 2; failed <= 40; failed += 1) host.push(stateOf({ standing: standingOf({ failed }) }));
    await says(/40 tracks need attention/);
    await waitFor('the next look', () => asked('failures').length > 1);
    expect(asked('failures').length).toBeLessThan(8);
  });
});
