import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../kit/browser.ts';
import { detailOf } from '../kit/page-lists.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { DESKTOP, scriptedPages } from './support/scripted-page.ts';

const STATE = stateOf({ standing: standingOf({ archived: 7, failed: 1 }) });

describe.skipIf(chromiumPath === undefined)("a track's own page", () => {
  const open = scriptedPages('track/12');

  test('says what happened to it, what is known of it, and shows its folder on a desktop', async () => {
    const { page, says, asked, offences } = await open(STATE, {
      capabilities: () => DESKTOP,
      track: () =>
        detailOf({
          outcome: 'archived',
          archivedAt: Date.UTC(2026, 10, 3, 5),
          sha256: 'ab'.repeat(32),
          tags: [{ name: 'Composer', value: 'Orla <b>Quist</b>' }],
          twins: ['/music/copy.flac'],
          song: { id: 812, archivedAt: 1, confirmedAt: null },
          history: [
            { at: Date.UTC(2026, 10, 2, 5), what: 'found', detail: null },
            { at: Date.UTC(2026, 10, 3, 5), what: 'archived', detail: null },
          ],
        }),
    });
    await says(/Title 12/);
    await page.getByText(/^Found in your folder, on 2 November 2026 at/).waitFor();
    await page.getByText('Orla <b>Quist</b>').waitFor();
    await page.getByText('/music/copy.flac').waitFor();
    await page.getByText('Song 812').waitFor();
    await page.getByText('ab'.repeat(32)).waitFor();
    await page.getByRole('button', { name: 'Copy SHA-256' }).waitFor();
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show in folder' }).click();
    await waitFor('the call', () => asked('reveal').length === 1);
    expect(asked('reveal')).toEqual([12]);
    expect(asked('track')[0]).toBe(12);
    expect(offences).toEqual([]);
  });

  test('that failed says why and what to do, and is tried again', async () => {
    const { page, asked } = await open(STATE, {
      track: () =>
        detailOf({
          outcome: 'failed',
          failure: {
            code: 'denied',
            message: 'We may not read this file.',
            advice: 'Allow it.',
            attempts: 3,
            nextTry: null,
          },
        }),
    });
    await page.getByText('We may not read this file.').waitFor();
    await page.getByText('Allow it.').waitFor();
    await page.getByText(/^Tried 3 times\.\s*$/).waitFor();
    await page.getByText('The file was not read yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Show in folder' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await waitFor('the call', () => asked('retryTrack').length === 1);
    expect([asked('retryTrack'), asked('retry')]).toEqual([[12], []]);
    await page.getByRole('button', { name: 'Retry all with this cause' }).click();
    await waitFor('the other call', () => asked('retry').length === 1);
    expect([asked('retryTrack'), asked('retry')]).toEqual([[12], ['denied']]);
  });

  test('that the ledger does not know says so', async () => {
    const { page, says } = await open(STATE, {});
    await says(/The ledger knows no such track/);
    expect(await page.locator('.card').count()).toBe(0);
  });
});
