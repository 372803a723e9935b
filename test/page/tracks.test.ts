import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../kit/browser.ts';
import { tableAnswers, trackOf } from '../kit/page-lists.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { scriptedPages } from './support/scripted-page.ts';

const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const STATE = stateOf({ standing: standingOf({ archived: 7, waiting: 3 }) });
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describe.skipIf(chromiumPath === undefined)('the tracks', () => {
  const open = scriptedPages('tracks');

  test('a million rows: the last one is reached, and few are ever asked for or drawn', async () => {
    const { page, asked, says, offences } = await open(
      STATE,
      tableAnswers(1_000_000, (i) => trackOf(i + 1)),
    );
    await says(/^1,000,000 tracks in your ledger\.$/);
    const grid = page.getByRole('grid', { name: 'Tracks' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('1000001');
    await page.getByText('Title 1', { exact: true }).waitFor();
    const body = page.locator('.table-body');
    await page.evaluate("document.querySelector('.table-body').scrollTop = 16e6");
    const last = page.getByText('Title 1000000', { exact: true });
    await last.waitFor();
    const [inside, frame] = [await last.boundingBox(), await body.boundingBox()];
    expect((inside?.y ?? 0) + (inside?.height ?? 0)).toBeLessThanOrEqual(
      (frame?.y ?? 0) + (frame?.height ?? 0),
    );
    await page.evaluate("document.querySelector('.table-body').scrollTop = 8e6");
    await page
      .getByText(/^Title (49|50)\d{4}$/)
      .first()
      .waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    expect(new Set(asked('tracks').map((slice) => (slice as { from: number }).from)).size).toBeLessThan(10);
    expect(offences).toEqual([]);
  });

  test('the state is a word, and hostile names are text', async () => {
    const rows = [
      trackOf(1, { outcome: 'archived', archivedAt: Date.UTC(2026, 10, 3, 5, 40) }),
      trackOf(2, { outcome: 'failed', reason: HOSTILE, title: HOSTILE }),
      trackOf(3, { outcome: 'missing', title: '', path: 'Artist/أغنية.mp3' }),
    ];
    const { page, offences } = await open(
      STATE,
      tableAnswers(3, (i) => rows[i] ?? trackOf(i)),
    );
    await page.getByRole('row', { name: /Title 1 .*Archived 30(\.0)? MB on 3 November 2026/ }).waitFor();
    await page
      .getByRole('row', { name: /Needs attention/ })
      .getByText(HOSTILE)
      .first()
      .waitFor();
    await page.getByRole('row', { name: /أغنية.*Missing/ }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(offences).toEqual([]);
  });

  test('is sorted, filtered and searched by the program', async () => {
    const { page, asked } = await open(
      STATE,
      tableAnswers(50, (i) => trackOf(i + 1)),
    );
    const last = () => asked('openTracks').at(-1);
    await page.getByRole('button', { name: 'Size' }).click();
    await waitFor('the order', () => (last() as { order: string }).order === 'size');
    await page
      .getByRole('columnheader', { name: 'Size' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await page.getByRole('button', { name: 'Size' }).click();
    await waitFor('the other way', () => (last() as { descending: boolean }).descending);
    await page.getByRole('radio', { name: 'Needs attention' }).click();
    await waitFor('the state', () => (last() as { outcome: string }).outcome === 'failed');
    await page.getByRole('searchbox').fill('quist');
    await waitFor('the search', () => (last() as { search: string }).search === 'quist');
    expect(last()).toEqual({
      outcome: 'failed',
      search: 'quist',
      order: 'size',
      descending: true,
      album: null,
    });
  });

  test('by keyboard: one tab stop, rows up and down, Enter opens, and back finds the same place', async () => {
    const { page } = await open(
      STATE,
      tableAnswers(500, (i) => trackOf(i + 1)),
    );
    await page.getByText('Title 1', { exact: true }).waitFor();
    expect(await page.locator('.table-body [role=row][tabindex="0"]').count()).toBe(1);
    await page.locator('.table-body [role=row][tabindex="0"]').focus();
    const isAt = (row: number) => page.locator(`[aria-rowindex='${row + 1}']:focus`).waitFor();
    for (const [key, row] of [
      ['ArrowDown', 2],
      ['End', 500],
      ['ArrowUp', 499],
    ] as const) {
      await page.keyboard.press(key);
      await isAt(row);
    }
    await page.getByText('Title 499', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#track\/499$/);
    await page.goBack();
    await page.getByText('Title 499', { exact: true }).waitFor();
    expect(await page.getByText('Title 1', { exact: true }).count()).toBe(0);
  });

  test('by mouse: a row opens wherever it is clicked, unless words are marked in it', async () => {
    const { page } = await open(
      STATE,
      tableAnswers(20, (i) => trackOf(i + 1)),
    );
    const row = page.getByRole('row', { name: /Title 3\b/ });
    await row.getByRole('gridcell').nth(1).selectText();
    await row.getByRole('gridcell').nth(1).dispatchEvent('click');
    expect(page.url()).not.toMatch(/#track\//);
    await row.getByRole('gridcell').nth(2).click();
    await page.waitForURL(/#track\/3$/);
    await page.goBack();
    await page.getByRole('row', { name: /Title 4\b/ }).click();
    await page.waitForURL(/#track\/4$/);
  });

  test('of one album: a chip says so and takes it away again', async () => {
    const { page, asked, says } = await open(
      STATE,
      tableAnswers(11, (i) => trackOf(i + 1, { album: 'Harbour Sessions' })),
    );
    await page.goto(`${page.url().replace(/#.*/, '')}#tracks/12`);
    await says(/11 tracks on this album/);
    expect(asked('openTracks').at(-1)).toMatchObject({ album: 12 });
    const chip = page.getByRole('link', { name: /show the tracks of all albums/ });
    await chip.filter({ hasText: 'Harbour Sessions' }).click();
    await says(/in your ledger/);
    expect(asked('openTracks').at(-1)).toMatchObject({ album: null });
  });

  test('a view that was given up is opened again without a word', async () => {
    let gone = true;
    const answers = tableAnswers(5, (i) => trackOf(i + 1));
    const { page, asked } = await open(STATE, {
      ...answers,
      tracks: (slice) => {
        const wasGone = gone;
        gone = false;
        // The scripted host answers null where nothing is said.
        return wasGone ? null : answers.tracks(slice);
      },
    });
    await page.getByText('Title 5', { exact: true }).waitFor();
    expect(asked('openTracks').length).toBeGreaterThan(1);
  });

  test.each([
    ['a small window', { viewport: { width: 720, height: 520 } }],
    ['a small one at 200 %', { viewport: { width: 360, height: 260 } }],
  ])('is never wider than its window: %s', async (_where, options) => {
    const { page } = await open(
      STATE,
      tableAnswers(500, (i) => trackOf(i + 1, { title: 'A_title_that_does_not_end'.repeat(12) })),
      options,
    );
    await page.getByRole('row').nth(3).waitFor();
    expect(await page.evaluate(WIDER)).toBe(0);
  });
});
