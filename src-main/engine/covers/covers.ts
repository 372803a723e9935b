import type { Cover } from '../../../shared/bridge/fields.ts';
import type { Launch } from '../../../shared/launch.ts';
import type { Clock } from '../clock.ts';
import { toKey } from '../library/paths.ts';
import type { Place } from '../library/place.ts';
import { createWakeup } from '../wakeup.ts';
import { type Card, type CardIndex, openCardIndex } from './card-index.ts';
import { createLooker } from './looker.ts';
import type { FoundPicture } from './messages.ts';
import { nameOf, readPicture, removePicture, sweep, writePicture } from './picture-files.ts';

/** An album, by one of its tracks. */
export interface CoverSource extends Place {
  /** As the tags have it; empty where they do not tell: then the folder is the album. */
  readonly album: string;
}

/** The pictures of albums, looked for when somebody wants to see them, and kept small in a folder of their own. */
export interface Covers {
  /** The name of its cover; null: it has none, or it is not known yet and will be looked for. Answers at once. */
  readonly of: (source: CoverSource) => Cover;
  /** A WebP of 320 × 320 pixels. Undefined where it is not kept (any more). */
  readonly bytes: (name: string, grey: boolean) => Promise<Uint8Array | undefined>;
  readonly close: () => Promise<void>;
}

export interface CoversOptions {
  /** For nothing but these covers. */
  readonly folder: string;
  readonly launch: Launch;
  readonly clock: Clock;
  /** There is work that must not be held up. */
  readonly isBusy: () => boolean;
  /** Covers can be done without: what goes wrong with them is told here and ends nothing. */
  readonly onFault: (error: unknown) => void;
  /** All covers together, in bytes. */
  readonly mostBytes?: number;
  readonly timeoutMs?: number;
}

const MOST_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** What is on the disk is compared with what was looked at after this, when somebody wants to see it. */
const AGAIN_MS = 10 * 60_000;
/** What more is wanted than this was scrolled past long ago. */
const MOST_WANTED = 400;
/** As many albums are known to have been looked at lately; about 4 MB. */
const MOST_LOOKED = 20_000;
/** Of the index, before covers are given up until the next start: its disk is full, most likely. */
const MOST_FAILURES = 3;
/** An idle helper process is only memory. */
const IDLE_MS = 30_000;

/** Never throws: without a place to keep them there are no covers. */
export const openCovers = (options: CoversOptions): Covers => {
  const { folder, clock, onFault } = options;
  const mostBytes = options.mostBytes ?? MOST_BYTES;
  const looker = createLooker(options.launch, options.timeoutMs ?? TIMEOUT_MS);
  const { wake, wait } = createWakeup(clock);
  const ending = new AbortController();
  /** By album, the one that was asked for last at the end. */
  const wanted = new Map<string, CoverSource>();
  /** By album, when it was looked at last in this program's life, by the monotonic clock. */
  const looked = new Map<string, number>();
  let index = opened(options);
  let failures = 0;

  /** An index that fails is opened anew, and thrown away where it is damaged; one that fails again and again is done without. */
  const guarded = <T>(work: (cards: CardIndex) => T): T | undefined => {
    if (index === undefined) return undefined;
    try {
      return work(index);
    } catch (error) {
      onFault(error);
      index.close();
      failures += 1;
      index = failures < MOST_FAILURES ? opened(options) : undefined;
      looked.clear();
      return undefined;
    }
  };

  const isDue = (key: string): boolean => {
    const last = looked.get(key);
    return last === undefined || clock.monotonic() - last > AGAIN_MS;
  };

  const noteLooked = (key: string): void => {
    looked.delete(key);
    looked.set(key, clock.monotonic());
    dropFirst(looked, MOST_LOOKED);
  };

  const keepPicture = async (picture: FoundPicture): Promise<string> => {
    const name = nameOf(picture);
    await writePicture(folder, name, picture);
    guarded((cards) => {
      cards.addCover(name, picture.colour.length + picture.grey.length, clock.now());
    });
    const gone = guarded((cards) => cards.beyond(mostBytes)) ?? [];
    for (const old of gone) {
      guarded((cards) => cards.dropCover(old));
      await removePicture(folder, old);
    }
    return name;
  };

  const lookFor = async (key: string, source: CoverSource): Promise<void> => {
    const album = albumOf(source);
    const card = guarded((cards) => cards.find(album));
    const { libraryPath, folderPath } = source;
    const ask = (name: Uint8Array, stamp: string | null) =>
      looker.look({ libraryPath, folderPath, name, stamp });
    let track = card?.track ?? source.name;
    let look = await ask(track, card?.stamp ?? null);
    // The track that stood for the album is gone; the one that is asked for now stands for it.
    if (look.kind === 'away' && toKey(track) !== toKey(source.name)) {
      track = source.name;
      look = await ask(track, null);
    }
    if (ending.signal.aborted) return;
    noteLooked(key);
    switch (look.kind) {
      case 'same':
      case 'away':
        return;
      case 'broken':
        // Not again over and over: the next time the program is started.
        guarded((cards) => cards.keep(album, { track, stamp: '', cover: null }));
        return;
      case 'looked': {
        const cover = look.picture === null ? null : await keepPicture(look.picture);
        const kept: Card = { track, stamp: look.stamp, cover };
        guarded((cards) => {
          // It may have been the one too many.
          if (cover === null || cards.hasCover(cover)) cards.keep(album, kept);
        });
      }
    }
  };

  const next = (): readonly [string, CoverSource] | undefined => {
    const last = [...wanted].at(-1);
    if (last !== undefined) wanted.delete(last[0]);
    return last;
  };

  const loop = async (): Promise<void> => {
    await sweep(folder, (name) => guarded((cards) => cards.hasCover(name)) ?? true).catch(onFault);
    while (!ending.signal.aborted) {
      const one = next();
      if (one === undefined) {
        const since = clock.monotonic();
        await wait(IDLE_MS);
        // What woke us may have been done with already: that is no idleness.
        if (wanted.size === 0 && clock.monotonic() - since >= IDLE_MS) looker.stop();
        continue;
      }
      const began = clock.monotonic();
      await lookFor(...one).catch(onFault);
      // While files are looked through or sent, the disk is left to them half of the time.
      if (options.isBusy()) await clock.sleep(clock.monotonic() - began, ending.signal);
    }
  };
  const looping = index === undefined ? Promise.resolve() : loop();

  return {
    of: (source) => {
      const key = toKey(albumOf(source));
      const card = guarded((cards) => cards.find(albumOf(source)));
      if (index !== undefined && isDue(key)) {
        wanted.delete(key);
        wanted.set(key, source);
        dropFirst(wanted, MOST_WANTED);
        wake();
      }
      const cover = card?.cover ?? null;
      if (cover !== null) guarded((cards) => cards.used(cover, clock.now()));
      return cover;
    },
    bytes: async (name, grey) => {
      const bytes = await readPicture(folder, name, grey);
      if (bytes === undefined) {
        guarded((cards) => cards.dropCover(name));
        looked.clear();
      }
      return bytes;
    },
    close: async () => {
      ending.abort();
      looker.stop();
      wake();
      await looping;
      looker.stop();
      index?.close();
      index = undefined;
    },
  };
};

const opened = ({ folder, onFault }: CoversOptions): CardIndex | undefined => {
  try {
    return openCardIndex(folder);
  } catch (error) {
    onFault(error);
    return undefined;
  }
};

/** Albums may share a folder, and one album may lie in several: each of those has its own picture. */
const albumOf = ({ libraryPath, folderPath, album }: CoverSource): Buffer =>
  Buffer.concat([libraryPath, ZERO, folderPath, ZERO, Buffer.from(album)]);
/** In no path. */
const ZERO = Buffer.of(0);

const dropFirst = (map: Map<string, unknown>, most: number): void => {
  if (map.size <= most) return;
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
};
