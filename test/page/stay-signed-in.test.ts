import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../kit/browser.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

const SIGNED_OUT = stateOf({
  standing: standingOf({ archived: 3, waiting: 2 }),
  work: null,
  trouble: { code: 'signed_out', message: 'Please sign in again at https://archive.example.org.' },
});

describe.skipIf(chromiumPath === undefined)('a log-in', () => {
  const open = scriptedPages('');

  test('where the system keeps secrets, a person decides whether the log-in is kept', async () => {
    const { page, asked, offences } = await open(SIGNED_OUT, {
      capabilities: () => ({ ...DESKTOP, secrets: 'system' }),
      useArchiveAt: () => ({ ok: true }),
    });
    await page.getByLabel('Password').fill('a long old password');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await waitFor('the first', () => asked('useArchiveAt').length === 1);
    await page.getByText('Stay signed in on this computer').click();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await waitFor('the second', () => asked('useArchiveAt').length === 2);
    expect(asked('useArchiveAt')).toMatchObject([{ keep: true }, { keep: false }]);
    expect(offences).toEqual([]);
  });

  test('where it keeps none, one sentence says so and nothing is to be kept', async () => {
    const { page, asked } = await open(SIGNED_OUT, {
      capabilities: () => ({ ...DESKTOP, secrets: 'memory' }),
      useArchiveAt: () => ({ ok: true }),
    });
    await page.getByText('kept only as long as Ledgerline runs').waitFor();
    expect(await page.getByText('Stay signed in').count()).toBe(0);
    await page.getByLabel('Password').fill('a long old password');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await waitFor('the call', () => asked('useArchiveAt').length === 1);
    expect(asked('useArchiveAt')).toMatchObject([{ keep: false }]);
  });
});
