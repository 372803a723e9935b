import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Launch, Thread } from '../../../shared/launch.ts';
import {
  type FingerprintResult,
  type Fingerprinter,
  createFingerprinter,
} from '../../../src-main/engine/audio/fingerprints.ts';
import { fingerprint } from '../../../src-main/engine/audio/fingerprint.ts';
import type { DiskStat } from '../../../src-main/engine/library/differences.ts';
import { AUDIO_WRITERS, WRITABLE_FORMATS } from '../../../src-main/headless/demo/audio/formats.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { bound, nothingIsForbidden } from '../../kit/lesser-root.ts';

const TAGS = {
  title: 'Blue',
  artist: 'Ann',
  album: 'Sky',
  albumArtist: 'All',
  track: 7,
  year: 1999,
  genre: 'Jazz',
};

let folder: string;
let fingerprinter: Fingerprinter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledgerline-'));
  fingerprinter = createFingerprinter({ launch: nodeLaunch, threads: 2 });
});
afterEach(async () => {
  await fingerprinter.close();
  rmSync(folder, { recursive: true, force: true });
});

const statOf = (path: string | Buffer): DiskStat => {
  const stats = statSync(path, { bigint: true });
  return { byteSize: Number(stats.size), mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs, inode: stats.ino };
};

const put = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const read = (path: string, keepBytes = false, expected = statOf(path)): Promise<FingerprintResult> =>
  fingerprinter.read({ path: Buffer.from(path), expected, keepBytes });

const song = (seconds = 1): Buffer => AUDIO_WRITERS.mp3.write(TAGS, { seconds, seed: 1 });
const digest = (kind: string, bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(createHash(kind).update(bytes).digest());

describe('a file that can be read', () => {
  it.each(WRITABLE_FORMATS)('gets both checksums and its tags: %s', async (extension) => {
    const bytes = AUDIO_WRITERS[extension].write(TAGS, { seconds: 1, seed: 3 });
    const result = await read(put(`x.${extension}`, bytes), true);
    expect(result).toMatchObject({
      kind: 'read',
      byteSize: bytes.length,
      sha256: digest('sha256', bytes),
      md5: digest('md5', bytes),
      tags: {
        title: 'Blue',
        artist: 'Ann',
        album: 'Sky',
        album_artist: 'All',
        track_number: 7,
        year: 1999,
        genre: 'Jazz',
      },
    });
    expect(result).not.toHaveProperty('tagTrouble');
    expect(result.kind === 'read' && result.bytes && Buffer.compare(result.bytes, bytes)).toBe(0);
  });

  it('hands over bytes only where it was asked to', async () => {
    expect(await read(put('x.mp3', song()))).not.toHaveProperty('bytes');
  });

  it.each([['mp3'], ['flac'], ['m4a'], ['opus'], ['wav'], ['aiff']] as const)(
    'is read in pieces when it is large: %s',
    async (extension) => {
      const { write, bytesPerSecond } = AUDIO_WRITERS[extension];
      const bytes = write(TAGS, { seconds: (5 * 1024 * 1024) / bytesPerSecond, seed: 2 });
      const result = await read(put(`large.${extension}`, bytes), true);
      expect(result).toMatchObject({
        kind: 'read',
        byteSize: bytes.length,
        sha256: digest('sha256', bytes),
        md5: digest('md5', bytes),
        tags: { title: 'Blue', artist: 'Ann', album: 'Sky', track_number: 7 },
      });
      expect(result).not.toHaveProperty('bytes');
    },
  );

  it('may have a name that is no text', async () => {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('07 \xff\n.mp3', 'latin1')]);
    writeFileSync(path, song());
    const result = await fingerprinter.read({ path, expected: statOf(path), keepBytes: false });
    expect(result).toMatchObject({ kind: 'read', tags: { title: 'Blue' } });
  });

  it('keeps its checksums when its tags are rubbish, and is named after the file', async () => {
    const bytes = Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(2000, 0x81)]);
    expect(await read(put('04 Broken.flac', bytes))).toMatchObject({
      kind: 'read',
      sha256: digest('sha256', bytes),
      tags: { title: 'Broken' },
    });
  });

  it('is told as a hundred others at the same time', async () => {
    const paths = Array.from({ length: 100 }, (_, n) =>
      put(`${n}.mp3`, AUDIO_WRITERS.mp3.write(TAGS, { seconds: 1, seed: n })),
    );
    const results = await Promise.all(paths.map((path) => read(path, true)));
    for (const [n, result] of results.entries()) {
      const bytes = readFileSync(paths[n] ?? '');
      expect(result).toMatchObject({ kind: 'read', sha256: digest('sha256', bytes) });
    }
  });
});

describe('a file that is not to be sent', () => {
  it('is no audio', async () => {
    expect(await read(put('page.mp3', Buffer.from('<html>not found</html>')))).toEqual({
      kind: 'skip',
      reason: 'not_audio',
    });
    expect(await read(put('zeros.flac', Buffer.alloc(6 * 1024 * 1024)))).toEqual({
      kind: 'skip',
      reason: 'not_audio',
    });
  });

  it('is of another format than its name says', async () => {
    const flac = AUDIO_WRITERS.flac.write(TAGS, { seconds: 1, seed: 1 });
    expect(await read(put('x.mp3', flac))).toMatchObject({ kind: 'skip', reason: 'wrong_format' });
  });

  it('is empty', async () => {
    expect(await read(put('x.mp3', Buffer.alloc(0)))).toEqual({ kind: 'skip', reason: 'empty' });
  });
});

describe('a file that is not what was found', () => {
  const changes: Record<string, (path: string) => void> = {
    grew: (path) => appendFileSync(path, 'x'),
    shrank: (path) => truncateSync(path, 100),
    'was touched': (path) => utimesSync(path, 1, 1),
    'kept size and time but not its bytes': (path) => {
      const { mtime } = statSync(path);
      writeFileSync(path, readFileSync(path).reverse());
      utimesSync(path, mtime, mtime);
    },
    'was replaced': (path) => {
      writeFileSync(`${path}.new`, song());
      renameSync(`${path}.new`, path);
    },
    'became a link': (path) => {
      renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
    'became a pipe': (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
    'became a folder': (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  };
  it.each(Object.keys(changes))('%s', async (name) => {
    const path = put('x.mp3', song());
    const expected = statOf(path);
    changes[name]?.(path);
    expect(await read(path, true, expected)).toEqual({ kind: 'changed' });
  });

  it('vanished', async () => {
    const path = put('x.mp3', song());
    const expected = statOf(path);
    rmSync(path);
    expect(await read(path, true, expected)).toEqual({ kind: 'vanished' });
  });

  it('changes while it is read', async () => {
    await read(put('first.mp3', song()));
    const path = put('long.mp3', song());
    truncateSync(path, 300 * 1024 * 1024);
    const reading = read(path);
    // Well before so many bytes can be hashed, and after the thread, which is up already, has opened the file.
    setTimeout(() => appendFileSync(path, 'x'), 60);
    expect(await reading).toEqual({ kind: 'changed' });
  });

  it('changes while its tags are read', async () => {
    const path = put('x.mp3', song());
    const request = { path: Buffer.from(path), expected: statOf(path), keepBytes: true, withTags: true };
    expect(await fingerprint(request, () => appendFileSync(path, 'x'))).toEqual({ kind: 'changed' });
  });
});

describe('a file that the system refuses', () => {
  it.skipIf(process.platform === 'win32')('says which permission is missing', (context) => {
    const why = nothingIsForbidden();
    context.skip(why !== false, why || undefined);
    const path = put('x.mp3', song());
    chmodSync(path, 0);
    expect(readByModes(path)).toMatchObject({
      kind: 'failed',
      reason: 'no_permission',
      detail: 'EACCES',
    });
  });
});

/** Root may read everything, so a child that may not does the reading. */
const readByModes = (path: string): unknown => {
  const script = new URL('./read-alone.ts', import.meta.url).pathname;
  const [command, args] = bound(process.execPath, [script, path]);
  return JSON.parse(execFileSync(command, args).toString()) as unknown;
};

/** A real thread whose answers `change` may hold back or replace. */
const launchWith = (
  change: (thread: Thread, count: number) => Thread,
): { launch: Launch; started: () => number } => {
  let count = 0;
  return {
    launch: { ...nodeLaunch, thread: (name, data) => change(nodeLaunch.thread(name, data), (count += 1)) },
    started: () => count,
  };
};

/** Seems to parse for ever: `done` never arrives. */
const neverDone = (thread: Thread): Thread => ({
  ...thread,
  onMessage: (listener) =>
    thread.onMessage((message) => {
      if ((message as { kind: string }).kind !== 'done') listener(message);
    }),
});

describe('a parser that comes to grief', () => {
  it('costs its thread and the tags, not the file', async () => {
    const { launch, started } = launchWith((thread, count) => (count === 1 ? neverDone(thread) : thread));
    const told: string[] = [];
    const limited = createFingerprinter({
      launch,
      threads: 1,
      timeLimitMs: 100,
      log: (message) => told.push(message),
    });
    const bytes = song();
    const path = put('01 Left.mp3', bytes);
    const next = put('next.mp3', bytes);
    const request = { path: Buffer.from(path), expected: statOf(path), keepBytes: true };
    const [first, second] = await Promise.all([
      limited.read(request),
      limited.read({ ...request, path: Buffer.from(next), expected: statOf(next) }),
    ]);
    expect(first).toMatchObject({ kind: 'read', sha256: digest('sha256', bytes), tags: { title: 'Left' } });
    expect(first).toHaveProperty('tagTrouble');
    expect(second).toMatchObject({ kind: 'read', tags: { title: 'Blue' } });
    expect(started()).toBe(2);
    expect(told).toEqual(['tags given up']);
    await limited.close();
  });

  it('may end its thread as well', async () => {
    const { launch } = launchWith((thread, count) => ({
      ...thread,
      postMessage: (message, transfer) => {
        if (count === 1) void thread.terminate();
        else thread.postMessage(message, transfer);
      },
      // Its first word would come too late for a thread that is ended at once.
      onMessage: (listener) => {
        listener({ kind: 'ready' });
        thread.onMessage(listener);
      },
    }));
    const one = createFingerprinter({ launch, threads: 1 });
    const path = put('x.mp3', song());
    expect(
      await one.read({ path: Buffer.from(path), expected: statOf(path), keepBytes: false }),
    ).toMatchObject({
      kind: 'read',
      tags: { title: 'x' },
    });
    await one.close();
  });

  it('is told when no thread can be started at all', async () => {
    const { launch } = launchWith((thread) => {
      void thread.terminate();
      return { ...thread, onMessage: () => undefined };
    });
    const broken = createFingerprinter({ launch, threads: 2 });
    const path = put('x.mp3', song());
    await expect(
      broken.read({ path: Buffer.from(path), expected: statOf(path), keepBytes: false }),
    ).rejects.toMatchObject({ code: 'fingerprint_broken' });
    await broken.close();
  });
});

it.each([
  ['a little', 1_000_000, 1],
  ['much', 70_000_000, 2],
])(
  'with %s to read beside the file under way, of three threads so many are started',
  async (_what, bytes, threads) => {
    const { launch, started } = launchWith((thread) => thread);
    const several = createFingerprinter({ launch, threads: 3 });
    const paths = ['a.mp3', 'b.mp3'].map((name) => {
      const path = put(name, song());
      truncateSync(path, bytes);
      return path;
    });
    const results = await Promise.all(
      paths.map((path) =>
        several.read({ path: Buffer.from(path), expected: statOf(path), keepBytes: false }),
      ),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['read', 'read']);
    expect(started()).toBe(threads);
    await several.close();
  },
);

describe('closing', () => {
  it('rejects what is waiting and under way, and what comes after', async () => {
    const path = put('long.mp3', song(600));
    const outcomes = Promise.allSettled(Array.from({ length: 20 }, () => read(path)));
    await fingerprinter.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, () => 'rejected'),
    );
    await expect(read(path)).rejects.toMatchObject({ code: 'fingerprinter_closed' });
  });
});
