import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Difference, ScanBatch, ScanResult } from '../../../src-main/engine/library/differences.ts';
import { joinPath, toKey } from '../../../src-main/engine/library/paths.ts';
import { type ScanRequest, scanLibrary } from '../../../src-main/engine/library/scan.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { bound, nothingIsForbidden } from '../../kit/lesser-root.ts';
import { LedgerFixture, temporaryFolder } from './ledger-fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
let library: string;
let ledger: LedgerFixture;

beforeEach(() => {
  folder = temporaryFolder();
  library = join(folder.path, 'library');
  mkdirSync(library);
  ledger = new LedgerFixture(folder.path, Buffer.from(library));
});
afterEach(() => {
  ledger[Symbol.dispose]();
  folder[Symbol.dispose]();
});

const put = (path: string | Buffer, content: string | Buffer = 'sound'): void => {
  const bytes = Buffer.isBuffer(path) ? path : Buffer.from(path);
  const whole = joinPath(Buffer.from(library), bytes);
  const slash = whole.lastIndexOf('/');
  mkdirSync(whole.subarray(0, slash), { recursive: true });
  writeFileSync(whole, content);
};
const at = (path: string): string => join(library, path);

interface Scanned {
  readonly result: ScanResult;
  readonly differences: readonly Difference[];
}

/** One scan, kept in the ledger as its owner would. */
const scan = async (more: Partial<ScanRequest> = {}): Promise<Scanned> => {
  const differences: Difference[] = [];
  const result = await scanLibrary({
    launch: nodeLaunch,
    ledgerPath: ledger.path,
    library: { id: ledger.libraryId, path: Buffer.from(library) },
    onBatch: (batch) => {
      differences.push(...batch.differences);
      ledger.apply(batch);
    },
    ...more,
  });
  return { result, differences };
};
const places = (): string[] => ledger.rows().map(({ place }) => place);
const states = (): Record<string, string> =>
  Object.fromEntries(ledger.rows().map(({ place, state, reason }) => [place, reason ?? state]));

describe('a first scan', () => {
  it('tells every track, folder by folder in the order of the bytes, and counts what is no track', async () => {
    for (const name of [
      'b/2.mp3',
      'b/1.flac',
      'a/x/9.ogg',
      'top.wav',
      'a/cover.jpg',
      'a/x/cover.jpg',
      'README',
    ]) {
      put(name);
    }
    const { result, differences } = await scan();
    expect(differences.map((one) => one.kind === 'new' && `${toKey(one.folder)}|${toKey(one.name)}`)).toEqual(
      ['|top.wav', 'a/x|9.ogg', 'b|1.flac', 'b|2.mp3'],
    );
    expect(result).toMatchObject({ outcome: 'complete', folders: 4, files: 4, bytes: 20 });
    expect(result.others).toEqual({ jpg: 2, '(none)': 1 });
  });

  it('keeps the very bytes of odd names', async () => {
    const names = [
      Buffer.from('\u00e9.mp3'),
      Buffer.from('e\u0301.mp3'),
      Buffer.from('line\nbreak.mp3'),
      Buffer.from("it's #1 50%?.mp3"),
      Buffer.from('\u{1f3b5}.mp3'),
      Buffer.from('bad \ufffd\ufffd.mp3'),
      Buffer.from('Case.mp3'),
      Buffer.from('case.MP3'),
      Buffer.from(`${'x'.repeat(251)}.mp3`),
      ...(process.platform === 'linux' ? [Buffer.from('bad \xff\xfe.mp3', 'latin1')] : []),
    ];
    for (const name of names) put(joinPath(Buffer.from('odd dots..'), name));
    await scan();
    const expected = names.map((name) => `odd dots../${toKey(name)}`);
    expect(places().toSorted()).toEqual(expected.toSorted());
    expect((await scan()).differences).toEqual([]);
  });

  it('notes size, times and inode as the disk shows them', async () => {
    put('a.mp3', 'twelve bytes');
    const { differences } = await scan();
    const stats = statSync(at('a.mp3'), { bigint: true });
    expect(differences).toMatchObject([
      { stat: { byteSize: 12, mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs, inode: stats.ino } },
    ]);
  });

  it('lists what it leaves aside with the reason', async () => {
    put('fine.mp3');
    put('empty.mp3', '');
    symlinkSync(at('fine.mp3'), at('link.mp3'));
    symlinkSync('/nowhere/at/all', at('broken.flac'));
    symlinkSync('/nowhere/at/all', at('broken.txt'));
    symlinkSync(at('fine.mp3'), at('text.txt'));
    mkdirSync(at('loop'));
    symlinkSync('..', at('loop/up'));
    symlinkSync('self.mp3', at('self.mp3'));
    execFileSync('mkfifo', [at('pipe.mp3')]);
    await scan();
    expect(states()).toEqual({
      'fine.mp3': 'found',
      'empty.mp3': 'empty',
      'link.mp3': 'link',
      'broken.flac': 'link',
      'loop/up': 'link',
      'self.mp3': 'link',
      'pipe.mp3': 'special',
    });
    expect((await scan()).differences).toEqual([]);
  });

  it('does not look into folders of the system, and leaves AppleDouble files out', async () => {
    for (const name of [
      '.Trash-1000/a.mp3',
      '@eaDir/b.mp3',
      '$RECYCLE.BIN/c.mp3',
      '._d.mp3',
      '.38 Special/e.mp3',
    ]) {
      put(name);
    }
    const { result } = await scan();
    expect(places()).toEqual(['.38 Special/e.mp3']);
    expect(result.leftOut).toBe(3);
    expect(result.others).toEqual({ '(AppleDouble)': 1 });
  });

  it('sends the first batch before it has seen everything, and waits for a slow owner', async () => {
    for (let album = 0; album < 30; album += 1) {
      for (let track = 0; track < 120; track += 1) put(`${album}/${track}.mp3`);
    }
    const sizes: number[] = [];
    let working = 0;
    let seenAtFirst: number | undefined;
    const { result } = await scan({
      onBatch: async (batch: ScanBatch) => {
        working += 1;
        expect(working).toBe(1);
        seenAtFirst ??= batch.seen.files;
        sizes.push(batch.differences.length);
        await new Promise((resolve) => setTimeout(resolve, 5));
        working -= 1;
      },
    });
    expect(seenAtFirst).toBeLessThan(result.files);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(3600);
  });
});

describe('a second scan', () => {
  beforeEach(async () => {
    put('a/1.mp3');
    put('a/2.mp3');
    put('b/3.mp3');
    await scan();
  });

  it('tells nothing when nothing changed', async () => {
    const { result, differences } = await scan();
    expect(differences).toEqual([]);
    expect(result).toMatchObject({ outcome: 'complete', files: 3 });
  });

  it('tells a changed file by its size or time', async () => {
    put('a/1.mp3', 'longer sound');
    utimesSync(at('a/2.mp3'), 1, 1);
    expect((await scan()).differences).toMatchObject([{ kind: 'changed' }, { kind: 'changed' }]);
    expect((await scan()).differences).toEqual([]);
  });

  it('tells an edit that kept size and time as touched', async () => {
    const { mtime } = statSync(at('a/1.mp3'));
    utimesSync(at('a/1.mp3'), mtime, mtime);
    await scan();
    writeFileSync(at('a/1.mp3'), 'noise');
    utimesSync(at('a/1.mp3'), mtime, mtime);
    expect((await scan()).differences).toMatchObject([{ kind: 'touched', stat: { byteSize: 5 } }]);
  });

  it('tells a moved file as new and gone, and gone comes last', async () => {
    mkdirSync(at('c'));
    renameSync(at('a/1.mp3'), at('c/1.mp3'));
    const { differences } = await scan();
    expect(differences.map(({ kind }) => kind)).toEqual(['new', 'gone']);
    expect(states()).toEqual({
      'a/1.mp3': 'missing',
      'a/2.mp3': 'found',
      'b/3.mp3': 'found',
      'c/1.mp3': 'found',
    });
  });

  it('tells a whole folder that is gone, once', async () => {
    rmSync(at('a'), { recursive: true });
    expect((await scan()).differences.map(({ kind }) => kind)).toEqual(['gone', 'gone']);
    expect((await scan()).differences).toEqual([]);
  });

  it('tells what came back, and whether it is as it was', async () => {
    renameSync(at('a'), join(folder.path, 'aside'));
    await scan();
    renameSync(join(folder.path, 'aside'), at('a'));
    utimesSync(at('a/2.mp3'), 1, 1);
    expect((await scan()).differences).toMatchObject([
      { kind: 'back', unchanged: true },
      { kind: 'back', unchanged: false },
    ]);
    expect(Object.values(states())).toEqual(['found', 'found', 'found']);
  });

  it('calls nothing gone that the owner moved to its new place meanwhile', async () => {
    put('0/1.mp3');
    rmSync(at('a/1.mp3'));
    const moved = ledger.rows().find(({ place }) => place === 'a/1.mp3');
    const { differences } = await scan({
      onBatch: () => {
        ledger.db
          .prepare('INSERT OR IGNORE INTO folder (library_id, path) VALUES (1, ?)')
          .run(Buffer.from('0'));
        ledger.db
          .prepare('UPDATE track SET folder_id = (SELECT id FROM folder WHERE path = ?) WHERE id = ?')
          .run(Buffer.from('0'), moved?.id);
      },
    });
    expect(differences).toEqual([]);
    expect(states()).toMatchObject({ '0/1.mp3': 'found' });
  });

  it('tells nothing of a failed or skipped track whose file is as it was', async () => {
    const [one, two] = ledger.rows();
    ledger.setState(one?.id ?? 0, 'failed', 'no_permission');
    ledger.setState(two?.id ?? 0, 'skipped', 'not_audio');
    expect((await scan()).differences).toEqual([]);
  });

  it('gives a failed track another chance when only its permissions changed', async () => {
    ledger.setState(ledger.rows()[0]?.id ?? 0, 'failed', 'no_permission');
    chmodSync(at('a/1.mp3'), 0o600);
    expect((await scan()).differences).toMatchObject([{ kind: 'changed' }]);
    expect(states()).toMatchObject({ 'a/1.mp3': 'found' });
  });

  it('tells a track that became empty, and that it is no longer', async () => {
    truncateSync(at('a/1.mp3'));
    expect((await scan()).differences).toMatchObject([
      { kind: 'changed', trouble: { state: 'skipped', reason: 'empty' } },
    ]);
    put('a/1.mp3', 'again');
    await scan();
    expect(states()).toMatchObject({ 'a/1.mp3': 'found' });
  });

  it('writes nothing into the library', async () => {
    const listing = (): string => execFileSync('find', [library, '-printf', '%P %s %T@ %C@ %i\n']).toString();
    const before = listing();
    await scan();
    expect(listing()).toBe(before);
  });
});

describe('a library that cannot be reached', () => {
  beforeEach(async () => {
    put('a/1.mp3');
    await scan();
  });

  it('concludes nothing when the folder is not there', async () => {
    renameSync(library, join(folder.path, 'elsewhere'));
    const { result, differences } = await scan();
    expect(result).toMatchObject({ outcome: 'unreachable', reason: 'root_missing' });
    expect(differences).toEqual([]);
  });

  it('concludes nothing from an empty mount point', async () => {
    rmSync(at('a'), { recursive: true });
    const { result, differences } = await scan();
    expect(result).toMatchObject({ outcome: 'unreachable', reason: 'root_empty' });
    expect(differences).toEqual([]);
  });

  it.each([
    { what: 'a note', leave: () => put('READ ME.txt') },
    { what: 'what the system leaves there', leave: () => put('lost+found/#1.mp3') },
    { what: 'a folder of other things', leave: () => put('backup/cover.jpg') },
    { what: 'an empty file and a link', leave: () => (put('0.mp3', ''), symlinkSync('.', at('here'))) },
  ])('concludes nothing from a mount point that holds $what', async ({ leave }) => {
    rmSync(at('a'), { recursive: true });
    leave();
    const { result, differences } = await scan();
    expect(result).toMatchObject({ outcome: 'unreachable', reason: 'root_empty' });
    expect(differences.filter(({ kind }) => kind === 'gone')).toEqual([]);
    expect(states()).toMatchObject({ 'a/1.mp3': 'found' });
  });

  it('concludes nothing when all its tracks lay at its top and none is there any more', async () => {
    rmSync(at('a'), { recursive: true });
    put('top.mp3');
    await scan();
    rmSync(at('top.mp3'));
    put('cover.jpg');
    expect((await scan()).result).toMatchObject({ outcome: 'unreachable', reason: 'root_empty' });
    expect(states()).toMatchObject({ 'top.mp3': 'found' });
  });

  it('believes that the music was deleted where the folders that held it are there still', async () => {
    put('artist/album/2.mp3');
    await scan();
    rmSync(at('a'), { recursive: true });
    rmSync(at('artist/album'), { recursive: true });
    const { result } = await scan();
    expect(result).toMatchObject({ outcome: 'complete', files: 0 });
    expect(states()).toEqual({ 'a/1.mp3': 'missing', 'artist/album/2.mp3': 'missing' });
  });

  it('believes that the music is elsewhere where there is other music', async () => {
    renameSync(at('a'), at('b'));
    expect((await scan()).result).toMatchObject({ outcome: 'complete', files: 1 });
    expect(states()).toEqual({ 'a/1.mp3': 'missing', 'b/1.mp3': 'found' });
  });

  it('concludes nothing when a file stands in its place', async () => {
    rmSync(library, { recursive: true });
    writeFileSync(library, 'no folder');
    expect((await scan()).result).toMatchObject({ outcome: 'unreachable', reason: 'root_not_folder' });
  });

  it('concludes nothing when it is replaced while it is walked', async () => {
    for (let n = 0; n < 4000; n += 1) put(`new/${n}.mp3`);
    rmSync(at('a'), { recursive: true });
    let replaced = false;
    const { result } = await scan({
      onBatch: (batch) => {
        expect(batch.differences.some(({ kind }) => kind === 'gone')).toBe(false);
        if (replaced) return;
        replaced = true;
        renameSync(library, join(folder.path, 'elsewhere'));
        mkdirSync(library);
      },
    });
    expect(result).toMatchObject({ outcome: 'unreachable', reason: 'root_changed' });
    expect(states()).toEqual({ 'a/1.mp3': 'found' });
  });

  it('takes a library that was empty from the beginning as it is', async () => {
    ledger.db.exec('DELETE FROM track');
    rmSync(at('a'), { recursive: true });
    expect((await scan()).result).toMatchObject({ outcome: 'complete', files: 0 });
  });
});

describe('a folder that cannot be read', () => {
  it.skipIf(process.platform === 'win32')(
    'is listed once, nothing below it is called gone, and it is taken up again later',
    async (context) => {
      const why = nothingIsForbidden();
      context.skip(why !== false, why || undefined);
      put('open/1.mp3');
      put('shut/2.mp3');
      put('shut/deep/3.mp3');
      await scan();
      chmodSync(at('shut'), 0);
      // Root may look into everything, so a child that may not does the looking.
      const shut = await scanByModes();
      expect(shut.differences).toMatchObject([
        {
          kind: 'new',
          stat: { byteSize: 0 },
          trouble: { state: 'failed', reason: 'folder_unreadable', detail: 'EACCES' },
        },
      ]);
      expect(states()).toEqual({
        shut: 'folder_unreadable',
        'open/1.mp3': 'found',
        'shut/2.mp3': 'found',
        'shut/deep/3.mp3': 'found',
      });
      expect((await scanByModes()).differences).toEqual([]);
      // May be listed, but no entry can be looked at: the same.
      chmodSync(at('shut'), 0o444);
      expect((await scanByModes()).differences).toEqual([]);
      chmodSync(at('shut'), 0o755);
      expect((await scan()).differences).toMatchObject([{ kind: 'gone' }]);
      expect(states()).toMatchObject({ shut: 'missing', 'shut/2.mp3': 'found' });
    },
  );
});

/** The same scan in a child for which the modes of files hold. */
const scanByModes = async (): Promise<Scanned> => {
  const script = new URL('./scan-alone.ts', import.meta.url).pathname;
  const output = join(folder.path, 'scanned');
  const [command, args] = bound(process.execPath, [script, ledger.path, library, output]);
  execFileSync(command, args);
  const { result, differences } = JSON.parse(readFileSync(output, 'utf8'), revive) as Scanned;
  ledger.apply({ libraryId: 1, differences, seen: result });
  return { result, differences };
};

const revive = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'bytes' in value
    ? Buffer.from(String(value.bytes), 'latin1')
    : typeof value === 'object' && value !== null && 'bigint' in value
      ? BigInt(String(value.bigint))
      : value;

describe('a scan that is stopped', () => {
  it('ends as stopped and calls nothing gone', async () => {
    put('a/1.mp3');
    await scan();
    rmSync(at('a/1.mp3'));
    for (let n = 0; n < 5000; n += 1) put(`new/${n}.mp3`);
    const stop = new AbortController();
    const kinds = new Set<string>();
    const { result } = await scan({
      signal: stop.signal,
      onBatch: (batch) => {
        for (const { kind } of batch.differences) kinds.add(kind);
        stop.abort();
      },
    });
    expect(result.outcome).toBe('stopped');
    expect([...kinds]).toEqual(['new']);
  });

  it('does not begin when it was stopped before', async () => {
    put('a/1.mp3');
    const { result, differences } = await scan({ signal: AbortSignal.abort() });
    expect(result.outcome).toBe('stopped');
    expect(differences).toEqual([]);
  });

  it('passes on what its owner throws', async () => {
    put('a/1.mp3');
    const broken = scan({
      onBatch: () => {
        throw new Error('disk full');
      },
    });
    await expect(broken).rejects.toThrow('disk full');
  });

  it('says so when its thread cannot work', async () => {
    await expect(scan({ ledgerPath: join(folder.path, 'no-ledger.db') })).rejects.toMatchObject({
      code: 'scan_broken',
    });
  });
});
