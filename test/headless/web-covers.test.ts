import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { coverPicture } from '../../src-main/headless/demo/audio/cover.ts';
import { AUDIO_WRITERS } from '../../src-main/headless/demo/audio/formats.ts';
import { testFolder } from '../kit/test-folder.ts';
import { hugePng } from '../engine/covers/pictures.ts';
import { enter, openPage, openWeb, refOf } from './support/web.ts';

describe('the cover of what is being sent', () => {
  test('is named with it, and served to who came by the link alone', async () => {
    const root = testFolder('root');
    const album = { artist: 'Die Übermütigen', album: 'Frühling', track: 1, year: 1998, genre: 'Chanson' };
    // The first one takes long enough at this speed to be looked at on its way.
    const files = { slow: coverPicture(1), bomb: { mime: 'image/png', data: hugePng(30_000) } } as const;
    for (const [name, cover] of Object.entries(files)) {
      mkdirSync(join(root, 'music', name), { recursive: true });
      const bytes = AUDIO_WRITERS.wav.write({ ...album, title: name }, { seconds: 4, seed: name.length });
      writeFileSync(join(root, 'music', name, '1.wav'), bytes);
      writeFileSync(join(root, 'music', name, 'Cover.PNG'), cover.data);
    }
    const world = await openWeb({ roots: [root] });
    const browser = await enter(world.server.newLink());
    const page = await openPage(browser);
    await page.call('addLibrary', await refOf(page, root, 'music'));
    await page.call('useArchiveHere', null);
    await page.call('changeSettings', { lineLimit: 50_000 });
    await page.call('start', null);

    const state = await page.sees('the cover', ({ work }) =>
      (work?.inFlight ?? []).some(({ title, cover }) => title === 'slow' && cover !== null),
    );
    const flights = state.work?.inFlight ?? [];
    const { cover, ...rest } = flights.find(({ title }) => title === 'slow') ?? {};
    expect(rest).toMatchObject({ path: 'slow/1.wav', artist: album.artist, album: album.album });
    expect(flights.find(({ title }) => title === 'bomb')?.cover ?? null).toBeNull();

    const get = (file: string, cookie = browser.cookie): Promise<Response> =>
      fetch(`${browser.origin}/covers/${file}`, { headers: { cookie } });
    for (const file of [`${cover}.webp`, `${cover}-grey.webp`]) {
      const answer = await get(file);
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'private, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
      const picture = await sharp(await answer.arrayBuffer()).metadata();
      expect(picture).toMatchObject({ format: 'webp', width: 320, height: 320 });
      expect((await get(file, 'none=of-ours')).status).toBe(401);
    }
    for (const file of [
      `${'0'.repeat(32)}.webp`,
      `${cover}.png`,
      `${cover}`,
      `${String(cover).toUpperCase()}.webp`,
      `${cover}-gray.webp`,
      `${cover}.webp%00`,
      'index.db',
      '..%2fledger.db',
      '%2e%2e%2fledger.db',
    ])
      expect([file, (await get(file)).status]).toEqual([file, 404]);
    expect(world.faults).toEqual([]);
    page.close();
  });
});
