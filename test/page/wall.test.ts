import { describe, expect, test } from 'vitest';
import type { AlbumRow, AlbumsOpened } from '../../shared/bridge/albums.ts';
import { formatsFor } from '../../shared/formats.ts';
import { placeOf } from '../../src-renderer/words/place.ts';
import { afterKey } from '../../src-renderer/views/wall/arrows.ts';
import { albumShare, albumWords, lookOf, wallSentence } from '../../src-renderer/words/wall.ts';
import { textOf } from '../../src-renderer/words/sentence.ts';
import { chromiumPath } from '../kit/browser.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { type Answers, scriptedPages } from './support/scripted-page.ts';

const formats = formatsFor('en-GB', 'UTC');
const HOSTILE = `<img src=x onerror="document.title='taken'">`;

const album = (some: Partial<AlbumRow> = {}): AlbumRow => ({
  id: 1,
  title: 'Harbour Sessions',
  artist: 'Orla Quist',
  year: 1999,
  cover: null,
  tracks: 11,
  archived: 0,
  failed: 0,
  skipped: 0,
  underWay: false,
  ...some,
});

describe('an album', () => {
  test.each([
    [{ archived: 11 }, 'whole', 1],
    [{ archived: 10, skipped: 1 }, 'whole', 1],
    [{ archived: 10, failed: 1 }, 'under_way', 10 / 11],
    [{ archived: 0, underWay: true }, 'under_way', 0],
    [{ archived: 0 }, 'to_come', 0],
    // All of it left out: nothing of it is in the archive, so it is not whole.
    [{ skipped: 11 }, 'to_come', 0],
  ] as const)('with %j is %s', (some, look, share) => {
    expect(lookOf(album(some))).toBe(look);
    expect(albumShare(album(some))).toBeCloseTo(share);
  });

  test.each([
    [{ archived: 7, failed: 1 }, '7 of 11 tracks archived, 1 needs attention'],
    [{ archived: 11, artist: '' }, 'whole'],
    [{ tracks: 1 }, '0 of 1 track archived'],
  ])('with %j is told of', (some, words) => {
    expect(albumWords(album(some), formats)).toBe(words);
  });
});

test.each([
  [null, false, 'Looking at your albums.'],
  [{ all: 0, whole: 0 }, false, 'There are no albums yet.'],
  [{ all: 0, whole: 0 }, true, 'No album is called that.'],
  [{ all: 5940, whole: 3506 }, false, '3,506 of 5,940 albums whole.'],
  [{ all: 5940, whole: 5940 }, false, 'All 5,940 albums whole.'],
  [{ all: 1, whole: 1 }, false, 'Your one album is whole.'],
])('with %j of the albums it opens', (counts, isSearching, words) => {
  const rest = { under_way: 0, to_come: 0, attention: 0 };
  const opened = counts === null ? null : { counts: { ...rest, ...counts } };
  expect(textOf(wallSentence(opened, isSearching, formats))).toBe(words);
});

test.each([
  ['ArrowRight', 5, 6],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 5, 9],
  ['ArrowDown', 9, 9],
  ['ArrowUp', 2, 2],
  ['ArrowUp', 5, 1],
  ['PageDown', 0, 8],
  ['Home', 7, 0],
  ['End', 0, 9],
  ['Enter', 3, undefined],
])('%s leads from %i to %s on a grid of ten with four in a row', (key, at, to) => {
  expect(afterKey(key, at, { count: 10, columns: 4, rowsSeen: 2 })).toBe(to);
});

test.each([
  ['', 'tonight', null],
  ['#wall', 'wall', null],
  ['#tracks/12', 'tracks', 12],
  ['#track/7', 'track', 7],
  ['#track', 'tracks', null],
  ['#track/../../x', 'tonight', null],
  ['#nothing', 'tonight', null],
])('the address %j leads to %s', (hash, view, id) => {
  expect(placeOf(hash)).toEqual({ view, id });
});

describe.skipIf(chromiumPath === undefined)('the wall', () => {
  const open = scriptedPages('wall');
  const state = stateOf({ standing: standingOf({ archived: 5, waiting: 5 }) });
  const opened = (albums: number, some: Partial<AlbumsOpened> = {}): AlbumsOpened => ({
    view: 1,
    albums,
    counts: { all: albums, whole: 1, under_way: 1, to_come: albums, attention: 1 },
    letters: [
      { letter: '#', at: 0 },
      { letter: 'K', at: 3000 },
    ],
    ...some,
  });
  const many = 6000;
  const title = (i: number): string => `Album ${i}`;
  const answers = (some: Answers = {}): Answers => ({
    openAlbums: () => opened(many),
    albums: ({ from, count }) =>
      Array.from({ length: Math.min(count, many - from) }, (_, i) =>
        album({ id: from + i + 1, title: title(from + i), archived: from + i === 0 ? 11 : 0 }),
      ),
    ...some,
  });

  test('has of thousands of albums only those that are seen, and asks only for them', async () => {
    const { page, says, asked, offences } = await open(state, answers());
    await says(/1 of 6,000 albums whole/);
    await page.getByRole('link', { name: /^Album 0 ?Orla/ }).waitFor();
    expect(await page.locator('.album').count()).toBeLessThan(200);
    await page.getByRole('button', { name: 'K', exact: true }).click();
    await page.getByRole('link', { name: /^Album 3000 ?Orla/ }).waitFor();
    expect(asked('albums').every((slice) => (slice as { count: number }).count <= 200)).toBe(true);
    expect(asked('albums').length).toBeLessThan(30);
    expect(offences).toEqual([]);
  });

  test('is gone over by keyboard, and an album leads to its tracks', async () => {
    const { page } = await open(state, answers());
    const first = page.getByRole('link', { name: /^Album 0 ?Orla/ });
    await first.waitFor();
    await first.focus();
    const focused = () => page.evaluate('document.activeElement?.textContent');
    await page.keyboard.press('ArrowRight');
    await waitFor('the next one', async () => String(await focused()).includes('Album 1Orla'));
    await page.keyboard.press('End');
    await waitFor('the last one', async () => String(await focused()).includes('Album 5999Orla'));
    expect(await page.locator('.album[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#tracks\/6000$/);
  });

  test('is searched and filtered, and what is not found is said', async () => {
    const { page, says, asked } = await open(
      state,
      answers({
        openAlbums: ({ filter, search }) =>
          search === '' ? opened(filter === 'attention' ? 1 : many) : opened(0, { letters: [] }),
      }),
    );
    await page.getByRole('radio', { name: /Attention/ }).click();
    await waitFor('the filter', () =>
      asked('openAlbums').some((wanted) => JSON.stringify(wanted).includes('"attention"')),
    );
    await page.getByRole('searchbox').fill('nobody');
    await says(/No album is called that/);
    expect(asked('openAlbums').at(-1)).toEqual({ filter: 'attention', search: 'nobody' });
    await page.getByRole('button', { name: /Clear/ }).click();
    await says(/Your one album is whole/);
  });

  test('opens a view again that was given up', async () => {
    let given = 0;
    const { page, asked } = await open(
      state,
      answers({
        openAlbums: () => opened(2, { view: (given += 1) }),
        albums: ({ view }) => (view === 1 ? null : [album({ title: 'Found again' }), album({ id: 2 })]),
      }),
    );
    await page.getByText('Found again').waitFor();
    expect(asked('openAlbums').length).toBeGreaterThan(1);
  });

  test('shows names as text, and tells of a failed track not by colour alone', async () => {
    const { page, offences } = await open(
      state,
      answers({
        openAlbums: () => opened(1),
        albums: () => [album({ title: HOSTILE, artist: 'أغنية', archived: 3, failed: 2 })],
      }),
    );
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.getByTitle('2 need attention').textContent()).toBe('!');
    expect(await page.locator('.album-ring').count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    expect(offences).toEqual([]);
  });
});
