import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../kit/browser.ts';
import { stateOf } from '../kit/page-states.ts';
import { scriptedPages } from './support/scripted-page.ts';

describe.skipIf(chromiumPath === undefined)('signing in', () => {
  const open = scriptedPages();

  test('without encryption is done only when a person says so, and not any more once the address is another', async () => {
    const signedOut = stateOf({
      work: null,
      archive: { kind: 'server', place: 'http://nas.example.org', email: 'anna@example.org' },
      trouble: { code: 'signed_out', message: 'Please sign in again.' },
    });
    const { page, asked } = await open(signedOut, {
      useArchiveAt: ({ inClear }) =>
        inClear === true
          ? { ok: true }
          : { ok: false, field: 'url', message: 'It is not encrypted.', confirm: 'inClear' },
    });
    const agree = page.getByRole('button', { name: 'Sign in unencrypted all the same' });
    await page.getByLabel('Password').fill('a secret');
    expect(await agree.count()).toBe(0);
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByText('It is not encrypted.').waitFor();
    await agree.waitFor();
    await page.getByLabel('Address of the archive').fill('http://other.example.org');
    await agree.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await agree.click();
    await agree.waitFor({ state: 'detached' });
    expect(asked('useArchiveAt')).toMatchObject([
      { url: 'http://nas.example.org' },
      { url: 'http://other.example.org' },
      { url: 'http://other.example.org', password: 'a secret', inClear: true },
    ]);
    expect(asked('useArchiveAt').map((given) => (given as { inClear?: boolean }).inClear ?? false)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
