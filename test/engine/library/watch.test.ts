import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHint } from '../../../src-main/engine/library/hint.ts';
import {
  LIMITED_MESSAGE,
  type LibraryWatch,
  watchLibraries,
} from '../../../src-main/engine/library/watch.ts';
import { temporaryFolder } from './ledger-fixture.ts';

describe('a watched library', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let watching: LibraryWatch;
  let hints: number[];
  let limited: string[];
  const at = (path: string): string => join(folder.path, path);

  beforeEach(async () => {
    folder = temporaryFolder();
    for (const album of ['one/album', 'other']) mkdirSync(at(album), { recursive: true });
    for (const name of ['a.mp3', 'b.mp3', 'c.flac', 'cover.jpg'])
      writeFileSync(at(`one/album/${name}`), 'sound');
    hints = [];
    limited = [];
    watching = watchLibraries({
      libraries: [
        { id: 1, path: Buffer.from(at('one')) },
        { id: 2, path: Buffer.from(at('other')) },
      ],
      onHint: (id) => hints.push(id),
      onLimited: (message) => limited.push(message),
      quietMs: 20,
      everyMs: 40,
      anewEveryMs: 300,
    });
    await watching.ready;
    await settled();
  });
  afterEach(async () => {
    await watching.close();
    folder[Symbol.dispose]();
  });

  /** No hint is on its way any more. */
  const settled = async (): Promise<void> => {
    await sleep(200);
    hints.length = 0;
  };
  const hinted = async (): Promise<true> => {
    await vi.waitUntil(() => hints.includes(1), { timeout: 60_000 });
    await settled();
    return true;
  };

  it('gives a hint for each way in which a file can change', async () => {
    writeFileSync(at('one/album/new.mp3'), 'new');
    expect(await hinted()).toBe(true);
    writeFileSync(at('one/album/a.mp3'), 'noise', { flag: 'r+' });
    expect(await hinted()).toBe(true);
    appendFileSync(at('one/album/a.mp3'), 'longer');
    expect(await hinted()).toBe(true);
    renameSync(at('one/album/a.mp3'), at('one/album/z.mp3'));
    expect(await hinted()).toBe(true);
    writeFileSync(at('temporary'), 'whole');
    renameSync(at('temporary'), at('one/album/z.mp3'));
    expect(await hinted()).toBe(true);
    rmSync(at('one/album/z.mp3'));
    expect(await hinted()).toBe(true);
  });

  it('gives the same hints in a folder that is new', async () => {
    mkdirSync(at('one/new/deep'), { recursive: true });
    expect(await hinted()).toBe(true);
    await sleep(1000);
    await settled();
    writeFileSync(at('one/new/deep/a.mp3'), 'new');
    expect(await hinted()).toBe(true);
    writeFileSync(at('one/new/deep/a.mp3'), 'wen', { flag: 'r+' });
    expect(await hinted()).toBe(true);
    renameSync(at('one/new/deep/a.mp3'), at('one/new/a.mp3'));
    expect(await hinted()).toBe(true);
    rmSync(at('one/new/a.mp3'));
    expect(await hinted()).toBe(true);
  });

  it('sees what happens in a folder that was moved, and when it is back', async () => {
    for (const [from, to] of [
      ['one/album', 'one/moved'],
      ['one/moved', 'one/album'],
    ] as const) {
      renameSync(at(from), at(to));
      expect(await hinted()).toBe(true);
      // It is watched anew, and that ends with a hint of its own.
      expect(await hinted()).toBe(true);
      writeFileSync(at(`${to}/a.mp3`), 'again', { flag: 'r+' });
      expect(await hinted()).toBe(true);
    }
  });

  it('gives no hint for reading, nor for another library', async () => {
    readFileSync(at('one/album/a.mp3'));
    writeFileSync(at('other/new.mp3'), 'new');
    await vi.waitUntil(() => hints.includes(2), { timeout: 60_000 });
    await sleep(200);
    expect(hints).not.toContain(1);
  });

  it('outlives its own disappearance', async () => {
    rmSync(at('one'), { recursive: true });
    expect(await hinted()).toBe(true);
    expect(limited).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('is not disturbed by names that are no text', async () => {
    const odd = Buffer.concat([Buffer.from(`${at('one')}/`), Buffer.from('odd \xff', 'latin1')]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/a.mp3')]), 'new');
    expect(await hinted()).toBe(true);
    writeFileSync(at('one/album/new.mp3'), 'new');
    expect(await hinted()).toBe(true);
    expect(limited).toEqual([]);
  });

  it('gives no hint after it was closed', async () => {
    writeFileSync(at('one/album/new.mp3'), 'new');
    await watching.close();
    await sleep(200);
    expect(hints).toEqual([]);
  });
});

describe('a library whose own path is no text', () => {
  it('is left to the scans', async () => {
    const limited: string[] = [];
    const path = Buffer.from('/music \xff', 'latin1');
    const watching = watchLibraries({
      libraries: [{ id: 1, path }],
      onHint: () => undefined,
      onLimited: (message) => limited.push(message),
    });
    await watching.ready;
    expect(limited).toEqual([LIMITED_MESSAGE]);
    await watching.close();
  });
});

/** A user namespace of its own can be given few watches without taking them from anybody else. */
const UNSHARE = ['-Ur', 'sh', '-c', 'echo 5 > /proc/sys/user/max_inotify_watches && exec "$@"', 'sh'];
const canLimitWatches = spawnSync('unshare', [...UNSHARE, 'true']).status === 0;

describe('a system with too few watches', () => {
  it.runIf(canLimitWatches)(
    'is told about once, and the rest goes on (needs a user namespace with a limit of its own)',
    () => {
      using folder = temporaryFolder();
      for (let n = 0; n < 20; n += 1) mkdirSync(join(folder.path, `album ${n}`));
      const script = new URL('./watch-a-moment.ts', import.meta.url).pathname;
      const output = execFileSync('unshare', [...UNSHARE, process.execPath, script, folder.path]).toString();
      expect(JSON.parse(output)).toEqual({ limited: [LIMITED_MESSAGE], hinted: true });
    },
  );
});

describe('one hint of many notices', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('comes after a moment of quiet', () => {
    const hint = vi.fn<() => void>();
    const { notice } = createHint(hint, 500, 5000);
    notice();
    vi.advanceTimersByTime(400);
    notice();
    vi.advanceTimersByTime(499);
    expect(hint).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(hint).toHaveBeenCalledTimes(1);
  });

  it('comes now and then where it is never quiet, and not more often', () => {
    const hint = vi.fn<() => void>();
    const { notice } = createHint(hint, 500, 5000);
    for (let passed = 0; passed < 20_000; passed += 100) {
      notice();
      vi.advanceTimersByTime(100);
    }
    expect(hint).toHaveBeenCalledTimes(4);
  });

  it('waits its time after the hint before', () => {
    const hint = vi.fn<() => void>();
    const { notice } = createHint(hint, 500, 5000);
    notice();
    vi.advanceTimersByTime(500);
    notice();
    vi.advanceTimersByTime(4999);
    expect(hint).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(hint).toHaveBeenCalledTimes(2);
  });

  it('does not come once cancelled', () => {
    const hint = vi.fn<() => void>();
    const { notice, cancel } = createHint(hint, 500, 5000);
    notice();
    cancel();
    notice();
    vi.advanceTimersByTime(20_000);
    expect(hint).not.toHaveBeenCalled();
  });
});
