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

  test('of an archive of which only the password could be kept: that is not ticked, and said plainly', async () => {
    const { page, asked, offences } = await open(SIGNED_OUT, {
      capabilities: () => ({ ...DESKTOP, secrets: 'system' }),
      useArchiveAt: ({ keep, keepPassword }) =>
        keep === true && keepPassword !== true
          ? { ok: false, field: null, message: 'It would be the password itself.', confirm: 'keepPassword' }
          : { ok: true },
    });
    const signIn = page.getByRole('button', { name: 'Sign in again' });
    const stay = page.getByRole('switch', { name: 'Stay signed in on this computer' });
    await page
      .getByText(/keeps is a log-in that the archive can end at any time, not your password/)
      .waitFor();
    expect(await stay.isChecked()).toBe(true);
    await page.getByLabel('Password').fill('a long old password');
    await signIn.click();
    await page.getByText('It would be the password itself.').waitFor();
    const password = page.getByRole('switch', { name: 'Keep my password on this computer' });
    await password.waitFor();
    await page.getByText(/key store would keep your password itself/).waitFor();
    expect([await password.isChecked(), await stay.count()]).toEqual([false, 0]);
    await signIn.click();
    await waitFor('the one that keeps nothing', () => asked('useArchiveAt').length === 2);
    await page.getByText('Keep my password on this computer').click();
    await signIn.click();
    await waitFor('the one that keeps the password', () => asked('useArchiveAt').length === 3);
    expect(asked('useArchiveAt')).toMatchObject([
      { keep: true },
      { keep: false },
      { keep: true, keepPassword: true },
    ]);
    // Of another archive that is not known.
    await page.getByLabel('Address of the archive').fill('https://another.example.org');
    await stay.waitFor();
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
