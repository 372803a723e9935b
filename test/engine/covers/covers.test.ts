import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HelperProcess, Launch } from '../../../shared/launch.ts';
import { systemClock, type Clock } from '../../../src-main/engine/clock.ts';
import {
  openCovers,
  type Covers,
  type CoverSource,
  type CoversOptions,
} from '../../../src-main/engine/covers/covers.ts';
import { coverPicture } from '../../../src-main/headless/demo/audio/cover.ts';
import { AUDIO_WRITERS, WRITABLE_FORMATS } from '../../../src-main/headless/demo/audio/formats.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { snapshotLibrary } from '../../kit/library-snapshot.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { hugePng, noise, png } from './pictures.ts';

interface World {
  readonly covers: Covers;
  readonly library: string;
  readonly folder: string;
  readonly faults: unknown[];
  /** Asks until there is an answer: a name, or null once it was looked for. */
  readonly coverOf: (folder: string, name?: string, album?: string) => Promise<string | null>;
  /** How often a helper was asked to look at something. */
  readonly looks: () => number;
  /** How many helpers were started. */
  readonly helpers: () => number;
}

/** Real helper processes, counted. */
const counting = (): {
  readonly launch: Launch;
  readonly sent: () => number;
  readonly answered: () => number;
  readonly started: () => number;
} => {
  let [sent, answered, started] = [0, 0, 0];
  const process: Launch['process'] = (name, limits): HelperProcess => {
    started += 1;
    const helper = nodeLaunch.process(name, limits);
    return {
      ...helper,
      send: (message) => {
        sent += 1;
        helper.send(message);
      },
      onMessage: (listener) =>
        helper.onMessage((message) => {
          listener(message);
          answered += 1;
        }),
      onExit: (listener) =>
        helper.onExit((reason) => {
          listener(reason);
          answered += 1;
        }),
    };
  };
  return {
    launch: { ...nodeLaunch, process },
    sent: () => sent,
    answered: () => answered,
    started: () => started,
  };
};

/** On a busy machine a helper takes its time to start. */
const PATIENT = { timeoutMs: 60_000 };
vi.setConfig({ testTimeout: 120_000 });

const openWorld = (wishes: Partial<CoversOptions> & { readonly library?: string } = {}): World => {
  const library = wishes.library ?? testFolder('library');
  const folder = wishes.folder ?? join(testFolder('data'), 'covers');
  const faults: unknown[] = [];
  let next = 0;
  const { launch, sent, answered, started } = counting();
  const covers = openCovers({
    folder,
    launch,
    clock: systemClock,
    isBusy: () => false,
    onFault: (error) => void faults.push(error),
    ...wishes,
  });
  onTestFinished(covers.close);
  return {
    covers,
    library,
    folder,
    faults,
    looks: () => sent() - next,
    helpers: started,
    coverOf: async (album, name = '01.flac', title = '') => {
      const source = sourceIn(library, album, name, title);
      const before = answered();
      const first = covers.of(source);
      if (first !== null) return first;
      await waitFor('a look', () => answered() > before, PATIENT);
      // They are looked for one after the other: when the next one was, this one is done with.
      next += 1;
      covers.of(sourceIn(library, `nowhere ${next}`));
      await waitFor('the next look', () => answered() > before + 1, PATIENT);
      return covers.of(source);
    },
  };
};

const track = (cover?: Buffer, format: (typeof WRITABLE_FORMATS)[number] = 'flac'): Buffer =>
  AUDIO_WRITERS[format].write(
    {
      title: 'T',
      artist: 'A',
      album: 'B',
      track: 1,
      year: 2000,
      genre: 'G',
      ...(cover === undefined ? {} : { cover: { mime: 'image/png', data: cover } }),
    },
    { seconds: 1, seed: 1 },
  );

const sourceIn = (library: string, folder: string, name = '01.flac', album = ''): CoverSource => ({
  libraryPath: Buffer.from(library),
  folderPath: Buffer.from(folder),
  name: Buffer.from(name),
  album,
});

const put = (library: string, folder: string, files: Readonly<Record<string, Uint8Array | string>>): void => {
  mkdirSync(join(library, folder), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(library, folder, name), bytes);
};

const imageOf = async (covers: Covers, name: string, grey = false) => {
  const bytes = await covers.bytes(name, grey);
  if (bytes === undefined) throw new Error('the cover is not kept');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { info, middle: [...data.subarray((160 * 320 + 160) * info.channels).subarray(0, 3)] };
};

describe('the picture of an album', () => {
  test.each(WRITABLE_FORMATS.filter((format) => format !== 'opus' && format !== 'wav'))(
    'comes from the tags of a track: %s',
    async (format) => {
      const { library, coverOf, covers, faults } = openWorld();
      put(library, 'A', { [`01.${format}`]: track(coverPicture(1).data, format) });
      const name = await coverOf('A', `01.${format}`);
      expect(name).toMatch(/^[0-9a-f]{32}$/);
      const { info } = await imageOf(covers, name ?? '');
      expect(info).toMatchObject({ width: 320, height: 320 });
      expect(faults).toEqual([]);
    },
  );

  test('has a grey twin of the same size and no colour', async () => {
    const { library, coverOf, covers } = openWorld();
    put(library, 'A', { '01.flac': track(await png('red', 500, 400)) });
    const name = (await coverOf('A')) ?? '';
    const [colour, grey] = [await imageOf(covers, name), await imageOf(covers, name, true)];
    expect(colour.middle[0]).toBeGreaterThan(200);
    expect(colour.middle[1]).toBeLessThan(60);
    expect(grey.info).toMatchObject({ width: 320, height: 320 });
    const [r = 0, g = 0, b = 0] = grey.middle;
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(4);
  });

  test('comes from the folder where the tags have none, by its usual names in any case, else from the only image', async () => {
    const { library, coverOf, covers } = openWorld();
    put(library, 'usual', {
      '01.flac': track(),
      'back.png': await png('lime'),
      'FOLDER.PNG': await png('blue'),
      '._cover.png': await png('lime'),
    });
    put(library, 'only', { '01.flac': track(), 'scan 12.webp': await png('blue', 64, 64, 'webp') });
    put(library, 'which', { '01.flac': track(), 'a.png': await png('red'), 'b.png': await png('blue') });
    for (const folder of ['usual', 'only']) {
      const { middle } = await imageOf(covers, (await coverOf(folder)) ?? '');
      expect(middle[2]).toBeGreaterThan(200);
    }
    expect(await coverOf('which')).toBeNull();
  });

  test('lies above the folders of the discs, where these have none of their own; and above no other folder', async () => {
    const { library, coverOf, covers } = openWorld();
    put(library, 'Box', { 'cover.png': await png('blue') });
    for (const disc of ['CD1', 'Disc 2', 'CD 3 - Live', 'Bonus'])
      put(library, `Box/${disc}`, { '1.flac': track() });
    put(library, 'Box/CD4', { '1.flac': track(), 'front.png': await png('red') });
    for (const disc of ['CD1', 'Disc 2', 'CD 3 - Live']) {
      const { middle } = await imageOf(covers, (await coverOf(`Box/${disc}`, '1.flac')) ?? '');
      expect(middle[2]).toBeGreaterThan(200);
    }
    expect((await imageOf(covers, (await coverOf('Box/CD4', '1.flac')) ?? '')).middle[0]).toBeGreaterThan(
      200,
    );
    expect(await coverOf('Box/Bonus', '1.flac')).toBeNull();
  });

  test('above the folder of a disc is seen when it comes later, and not followed out of the library', async () => {
    let late = 0;
    const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + late };
    const { library, coverOf } = openWorld({ clock });
    const outside = testFolder('outside');
    put(outside, '', { 'cover.png': await png('red') });
    symlinkSync(join(outside, 'cover.png'), join(library, 'cover.png'));
    put(library, 'CD1', { '1.flac': track() });
    expect(await coverOf('CD1', '1.flac')).toBeNull();
    rmSync(join(library, 'cover.png'));
    put(library, '', { 'cover.png': await png('blue') });
    late = 11 * 60_000;
    expect(await coverOf('CD1', '1.flac')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is the folder’s where the one in the tags is broken', async () => {
    const { library, coverOf, covers } = openWorld();
    put(library, 'A', { '01.flac': track(Buffer.from('no picture')), 'cover.png': await png('blue') });
    expect((await imageOf(covers, (await coverOf('A')) ?? '')).middle[2]).toBeGreaterThan(200);
  });

  test('is each its own for two albums in one folder, and one file for two albums with one picture', async () => {
    const { library, coverOf, folder } = openWorld();
    put(library, 'A', { '1.flac': track(await png('red')), '2.flac': track(await png('blue')) });
    put(library, 'B', { '1.flac': track(await png('red')) });
    const one = await coverOf('A', '1.flac', 'One');
    expect(await coverOf('A', '2.flac', 'Two')).not.toBe(one);
    expect(await coverOf('B', '1.flac')).toBe(one);
    expect(readdirSync(folder).filter((name) => name.endsWith('.webp'))).toHaveLength(4);
  });

  test('is found under a name that is no text', async () => {
    const { library, covers } = openWorld();
    const folderPath = Buffer.from([0x41, 0xff, 0xfe]);
    if (process.platform !== 'linux') return;
    mkdirSync(Buffer.concat([Buffer.from(`${library}/`), folderPath]));
    writeFileSync(
      Buffer.concat([Buffer.from(`${library}/`), folderPath, Buffer.from('/\xe9.flac', 'latin1')]),
      track(await png('red')),
    );
    const source = {
      libraryPath: Buffer.from(library),
      folderPath,
      name: Buffer.from('\xe9.flac', 'latin1'),
      album: '',
    };
    expect(await waitFor('the cover', () => covers.of(source))).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('nothing is read twice', () => {
  test('also what has none, also after a new start; but a new picture is seen', async () => {
    let late = 0;
    const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + late };
    const first = openWorld({ clock });
    const { library, folder } = first;
    put(library, 'A', { '01.flac': track(await png('red')) });
    put(library, 'none', { '01.flac': track() });
    const name = await first.coverOf('A');
    expect(await first.coverOf('none')).toBeNull();
    expect(first.looks()).toBe(2);
    const written = statSync(join(folder, `${name}.webp`)).mtimeMs;
    expect(first.covers.of(sourceIn(library, 'none'))).toBeNull();
    await first.coverOf('elsewhere');
    expect(first.looks()).toBe(3);
    await first.covers.close();

    const second = openWorld({ clock, library, folder });
    expect(second.covers.of(sourceIn(library, 'A'))).toBe(name);
    put(library, 'none', { 'cover.png': await png('blue') });
    // A is looked at anew before it, which takes as long as it takes.
    await waitFor('its cover', () => second.covers.of(sourceIn(library, 'none')) !== null, PATIENT);
    expect(statSync(join(folder, `${name}.webp`)).mtimeMs).toBe(written);

    put(library, 'A', { '01.flac': track(await png('lime', 90, 90)) });
    late = 3_600_000;
    await waitFor('another cover', () => {
      const now = second.covers.of(sourceIn(library, 'A'));
      return now !== name && now !== null;
    });
  });

  test('a track that is gone keeps the picture; another of the album stands for it', async () => {
    const first = openWorld();
    const { library, folder } = first;
    put(library, 'A', { '1.flac': track(await png('red')), '2.flac': track(await png('blue')) });
    const name = await first.coverOf('A', '1.flac');
    await first.covers.close();
    renameSync(join(library, 'A'), join(library, 'away'));
    const second = openWorld({ library, folder });
    expect(await second.coverOf('A', '1.flac')).toBe(name);
    await waitFor('a look', () => second.looks() > 0);
    expect(await second.coverOf('A', '1.flac')).toBe(name);
    await second.covers.close();
    renameSync(join(library, 'away'), join(library, 'A'));
    rmSync(join(library, 'A', '1.flac'));
    const third = openWorld({ library, folder });
    await waitFor('the other picture', async () => (await third.coverOf('A', '2.flac')) !== name);
  });
});

describe('what is kept', () => {
  test('is bounded: those that were not used for the longest time go', async () => {
    let now = 1_800_000_000_000;
    const clock: Clock = { ...systemClock, now: () => now };
    const { library, folder, coverOf, covers } = openWorld({ clock, mostBytes: 4_000 });
    const size = (): number =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.webp'))
        .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const names: (string | null)[] = [];
    for (const [i, colour] of ['red', 'lime', 'blue', 'white', 'black', 'navy', 'teal', 'pink'].entries()) {
      put(library, colour, { '01.flac': track(await png(colour)) });
      names.push(await coverOf(colour));
      now += 3_600_001;
      if (i > 0) await coverOf('red');
      now += 3_600_001;
    }
    expect(size()).toBeLessThanOrEqual(4_000);
    expect(await covers.bytes(names[0] ?? '', false)).toBeDefined();
    expect(await covers.bytes(names[1] ?? '', false)).toBeUndefined();
  });

  test('may be thrown away under our feet, and is made again', async () => {
    const { library, folder, coverOf, covers } = openWorld();
    put(library, 'A', { '01.flac': track(await png('red')) });
    const name = (await coverOf('A')) ?? '';
    rmSync(folder, { recursive: true });
    expect(await covers.bytes(name, false)).toBeUndefined();
    expect(await coverOf('A')).toBe(name);
    await waitFor('the file', () => existsSync(join(folder, `${name}-grey.webp`)));
  });

  test('is thrown away where its index is damaged, and made anew', async () => {
    const first = openWorld();
    const { library, folder } = first;
    put(library, 'A', { '01.flac': track(await png('red')) });
    const name = await first.coverOf('A');
    await first.covers.close();
    writeFileSync(join(folder, 'index.db'), Buffer.alloc(8192, 'junk'));
    const second = openWorld({ library, folder });
    expect(await second.coverOf('A')).toBe(name);
    expect(second.faults).toEqual([]);
  });

  test('loses what a program left behind that died before it was noted', async () => {
    const folder = join(testFolder('data'), 'covers');
    mkdirSync(folder);
    writeFileSync(join(folder, `${'a'.repeat(32)}.webp`), 'x');
    writeFileSync(join(folder, `${'b'.repeat(32)}.webp.part`), 'x');
    openWorld({ folder });
    const strange = (): readonly string[] =>
      readdirSync(folder).filter((name) => !name.startsWith('index.db'));
    await waitFor('them to go', () => strange().length === 0);
    expect(strange()).toEqual([]);
  });

  test('where nothing can be kept there are no covers, and it is told', async () => {
    const folder = join(testFolder('data'), 'covers');
    writeFileSync(folder, 'a file');
    const parent = join(folder, 'below');
    const { covers, faults } = openWorld({ folder: parent });
    expect(
      covers.of({
        libraryPath: Buffer.from('/x'),
        folderPath: Buffer.from('y'),
        name: Buffer.from('z'),
        album: '',
      }),
    ).toBeNull();
    expect(faults).toHaveLength(1);
  });
});

describe('hostile pictures', () => {
  test('are none, in the tags or beside them, and the album after them has its own', async () => {
    const { library, folder, coverOf, covers, faults, helpers } = openWorld();
    const hostile: Readonly<Record<string, Uint8Array | string>> = {
      'a bomb of 30,000 x 30,000 pixels': hugePng(30_000),
      'half a picture': (await noise(900, 'png')).subarray(0, 40_000),
      'half a photograph': (await noise(900, 'jpeg')).subarray(0, 40_000),
      SVG: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
      HTML: '<!doctype html><script>alert(1)</script>',
      'nothing at all': '',
    };
    for (const [what, bytes] of Object.entries(hostile)) {
      put(library, `${what}, in the folder`, { '01.flac': track(), 'cover.jpg': bytes });
      put(library, `${what}, in the tags`, { '01.flac': track(Buffer.from(bytes)) });
    }
    put(library, 'good', { '01.flac': track(await png('red')) });
    const before = snapshotLibrary(library);
    const albums = Object.keys(hostile).flatMap((what) => [`${what}, in the folder`, `${what}, in the tags`]);
    for (const album of albums) expect([album, await coverOf(album)]).toEqual([album, null]);
    const good = (await coverOf('good')) ?? '';
    expect(readdirSync(folder).filter((name) => name.endsWith('.webp'))).toHaveLength(2);
    expect((await imageOf(covers, good)).info.format).toBe('raw');
    // None of them brought the helper down, so none costs the others their turn.
    expect(helpers()).toBe(1);
    expect(snapshotLibrary(library)).toEqual(before);
    expect(faults).toEqual([]);
  });

  test('a link does not lead out of the library, nor does a folder that became one', async () => {
    const elsewhere = testFolder('elsewhere');
    const { library, coverOf } = openWorld();
    put(elsewhere, 'album', { '01.flac': track(await png('red')), 'cover.png': await png('red') });
    symlinkSync(join(elsewhere, 'album'), join(library, 'bait'));
    put(library, 'A', { '01.flac': track() });
    symlinkSync(join(elsewhere, 'album', 'cover.png'), join(library, 'A', 'cover.png'));
    put(library, 'B', {});
    symlinkSync(join(elsewhere, 'album', '01.flac'), join(library, 'B', '01.flac'));
    for (const folder of ['bait', 'A', 'B', '../elsewhere/album']) expect(await coverOf(folder)).toBeNull();
  });

  test('a helper that hangs is replaced, and the album is left alone from then on', async () => {
    const { launch } = counting();
    let started = 0;
    const hanging: Launch = {
      ...launch,
      process: (name, limits) => {
        started += 1;
        const helper = launch.process(name, limits);
        return started > 1 ? helper : { ...helper, send: () => undefined };
      },
    };
    const { library, covers } = openWorld({ launch: hanging, timeoutMs: 8000 });
    put(library, 'A', { '01.flac': track(await png('red')) });
    put(library, 'B', { '01.flac': track(await png('red')) });
    const of = (folder: string) =>
      covers.of({
        libraryPath: Buffer.from(library),
        folderPath: Buffer.from(folder),
        name: Buffer.from('01.flac'),
        album: '',
      });
    of('A');
    await waitFor('the helper to be asked', () => started === 1, PATIENT);
    of('B');
    await waitFor('the other', () => of('B') ?? undefined, PATIENT);
    expect(of('A')).toBeNull();
    expect(started).toBe(2);
  });
});
