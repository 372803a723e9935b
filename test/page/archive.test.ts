import { describe, expect, test } from 'vitest';
import type { ArchiveStatus } from '../../shared/bridge/archive-status.ts';
import { chromiumPath } from '../kit/browser.ts';
import { standingOf, stateOf, workOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

const STATE = stateOf({ standing: standingOf({ archived: 7 }) });
const STATUS: ArchiveStatus = {
  place: 'https://archive.example.org',
  email: 'anna@example.org',
  signedIn: true,
  lastContact: Date.UTC(2026, 10, 3, 5),
  told: {
    songs: { queued: 3, processing: 1, needs_review: 0, unreadable: 0 },
    queue: { depth: 4, oldestSeconds: 90 },
    storage: { used: 1.2e12, free: 8e11 },
  },
  trouble: null,
};

describe.skipIf(chromiumPath === undefined)('the archive', () => {
  const open = scriptedPages('archive');

  test('tells how it stands, and can be left', async () => {
    const { page, says, asked, offences } = await open(STATE, { archiveStatus: () => STATUS });
    await says(/The archive answers, and is at work on what came\./);
    await page.getByText('1.2 TB used, 800 GB free.').waitFor();
    await page.getByText('4 wait in its queue, the oldest for 1 min 30 s.').waitFor();
    await page.getByText(/It answered last on 3 November 2026/).waitFor();
    await page.getByText('Your log-in is kept only as long as Ledgerline runs.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await waitFor('the call', () => asked('signOut').length === 1);
    expect(offences).toEqual([]);
  });

  test('with songs that were read and wait for a person: that is how it ends, and no trouble', async () => {
    const told = {
      songs: { queued: 0, processing: 0, needs_review: 98, unreadable: 0 },
      queue: { depth: 0, oldestSeconds: null },
      storage: { used: 1.2e12, free: 8e11 },
    };
    const { page, says, offences } = await open(STATE, { archiveStatus: () => ({ ...STATUS, told }) });
    await says(/The archive answers, and has nothing left to do\./);
    await page.getByText('Read, for a person to review').waitFor();
    expect(offences).toEqual([]);
  });

  test('with songs that could not be read: says so, and claims nothing of what it has', async () => {
    const told =
      STATUS.told === null ? null : { ...STATUS.told, songs: { ...STATUS.told.songs, unreadable: 2 } };
    const { headline, says } = await open(STATE, { archiveStatus: () => ({ ...STATUS, told }) });
    await says(/could not make sense of some songs/);
    expect(await headline.textContent()).not.toMatch(/\ball\b/);
  });

  test('signed out: one signs in again, and stays so where the system keeps secrets', async () => {
    const trouble = { code: 'signed_out', message: 'Please sign in again: you signed out.' };
    const { page, says, asked } = await open(stateOf({ trouble, work: null }), {
      capabilities: () => DESKTOP,
      archiveStatus: () => ({ ...STATUS, signedIn: false, told: null }),
      useArchiveAt: () => ({ ok: false, field: 'password', message: 'This password is wrong.' }),
    });
    await says(/You are signed out/);
    await page.getByRole('switch', { name: 'Stay signed in' }).waitFor();
    await page.getByLabel('Password').fill('abc');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This password is wrong.').waitFor();
    expect(asked('useArchiveAt')).toEqual([
      { url: STATUS.place, email: STATUS.email, password: 'abc', keep: true },
    ]);
  });

  test('that is away can be left all the same, in plain words about what that does', async () => {
    const gate = { state: 'closed', reason: 'offline', message: 'The archive cannot be reached.' } as const;
    const state = stateOf({ work: workOf({ looked: false, gate }) });
    const { page, host, asked } = await open(state, {
      archiveStatus: () => ({ ...STATUS, signedIn: false, told: null, trouble: 'It cannot be reached.' }),
      signOut: () => null,
    });
    await page
      .getByText(/forgets your log-in at once\. The archive is told where it can be reached/)
      .waitFor();
    expect(await page.getByLabel('Password').count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await waitFor('the call', () => asked('signOut').length === 1);
    const message = 'You are signed out here. The archive could not be told.';
    const trouble = { code: 'signed_out', message: 'Please sign in again: you signed out.' };
    host.push({ ...state, work: null, trouble, notices: [{ id: 1, message }] });
    await page.getByText(message, { exact: true }).waitFor();
    await page.getByLabel('Password').waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });

  test('that cannot be asked says why, and no number stands in for what nobody knows', async () => {
    const { page, says } = await open(STATE, {
      archiveStatus: () => ({ ...STATUS, told: null, lastContact: null, trouble: 'It does not answer.' }),
    });
    await says(/does not tell how it stands/);
    await page.getByText('It does not answer.').waitFor();
    await page.getByText(/has not answered since/).waitFor();
    expect(await page.getByText('Room and queue').count()).toBe(0);
  });
});
