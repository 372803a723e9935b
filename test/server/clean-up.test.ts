import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { knownAnswerSchema } from '../../shared/api/songs.ts';
import { openMaintenance } from '../../server/maintenance.ts';
import { rotateKeys } from '../../server/signing/keys.ts';
import { testFolder } from '../kit/test-folder.ts';
import { mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Client, codeOf, createClient } from './support/client.ts';
import { contradictions, rows, storedObjects } from './support/look.ts';

let test: TestArchive;
let client: Client;
const DAY = 24 * 3600;
beforeEach(async () => {
  test = await startTestArchive();
  client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
});
afterEach(() => test.stop());

const fresh = async (): Promise<Client> =>
  createClient(test.archive.url, await test.tokenOf('mod@example.com'));

describe('the clean-up', () => {
  it('puts aside and does not delete what nothing points to: the database may be an older one', async () => {
    await client.upload(mp3());
    const [key = ''] = storedObjects(test.dataDir).keys();
    const stray = join(test.dataDir, 'objects', '00', `00${key.slice(2)}`);
    mkdirSync(join(stray, '..'), { recursive: true });
    writeFileSync(stray, 'bytes of a song that this database has not heard of');
    expect(await test.archive.cleanUp()).toMatchObject({ objects: 1 });
    expect([...storedObjects(test.dataDir).keys()]).toEqual([key]);
    expect(readdirSync(join(test.dataDir, 'quarantine'))).toHaveLength(1);
  });

  it('removes tickets and bytes that no song was made of within a day, and nothing else', async () => {
    const kept = mp3();
    const song = await client.upload(kept);
    await client.ticketFor(mp3());
    const stored = mp3();
    const ticket = await client.ticketFor(stored);
    await client.put(ticket, stored);
    expect(await test.archive.cleanUp()).toMatchObject({ blobs: 0, objects: 0 });
    test.wait(DAY + 60);
    expect(await test.archive.cleanUp()).toMatchObject({ blobs: 2, objects: 0 });
    expect(storedObjects(test.dataDir).size).toBe(1);
    client = await fresh();
    expect((await client.get(`/api/v1/songs/${song.id}`)).status).toBe(200);
    expect((await client.record(ticket)).status).toBe(404);
  });

  it('finishes what a death interrupted, and removes objects that nobody knows', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    const db = await openMaintenance({ dataDir: test.dataDir });
    await db.close();
    const { meddle } = await import('./support/look.ts');
    meddle(test.dataDir, "update blob set state = 'removing'");
    const stray = 'ab'.repeat(20);
    mkdirSync(join(test.dataDir, 'objects', 'ab'), { recursive: true });
    writeFileSync(join(test.dataDir, 'objects', 'ab', stray), 'stray');
    expect(await test.archive.cleanUp()).toMatchObject({ blobs: 1, objects: 1 });
    expect(storedObjects(test.dataDir).size).toBe(0);
    expect(rows(test.dataDir, 'select * from blob')).toEqual([]);
  });

  it('leaves what the disk does not let go of for the next time, and goes on with the rest', async () => {
    for (const bytes of [mp3(), mp3()]) await client.put(await client.ticketFor(bytes), bytes);
    const [stuck = ''] = rows<{ key: string }>(test.dataDir, 'select key from blob').map(({ key }) => key);
    const path = join(test.dataDir, 'objects', stuck.slice(0, 2), stuck);
    unlinkSync(path);
    mkdirSync(path);
    test.wait(31 * DAY);
    for (const blobs of [1, 0]) {
      expect(await test.archive.cleanUp({ unknownObjects: false })).toMatchObject({ blobs, stuck: 1 });
    }
    expect(rows(test.dataDir, 'select key, state from blob')).toEqual([{ key: stuck, state: 'removing' }]);
    expect(rows(test.dataDir, 'select * from session')).toEqual([]);
    rmdirSync(path);
    expect(await test.archive.cleanUp()).toMatchObject({ blobs: 1, stuck: 0 });
    expect(rows(test.dataDir, 'select * from blob')).toEqual([]);
  });

  it('removes sessions that are over, and forgets wrong passwords of long ago', async () => {
    await client.post('/api/v1/auth/login', { email: 'x@y.de', password: 'wrong' });
    test.wait(31 * DAY);
    expect(await test.archive.cleanUp()).toMatchObject({ sessions: 1 });
    expect(rows(test.dataDir, 'select * from login_throttle')).toEqual([]);
  });

  it('at the same moment as the record leaves either both, song and bytes, or neither', async () => {
    for (let i = 0; i < 40; i += 1) {
      const bytes = mp3(3);
      const ticket = await client.ticketFor(bytes);
      await client.put(ticket, bytes);
      // Either may come first.
      const cleaning = () => test.archive.cleanUp({ olderThanSeconds: -1 });
      const [answer] =
        i % 2 === 0
          ? await Promise.all([client.record(ticket), cleaning()])
          : (await Promise.all([cleaning(), client.record(ticket)])).toReversed();
      const status = answer !== undefined && 'status' in answer ? answer.status : 0;
      expect([201, 404, 409]).toContain(status);
      // Who was told that it is gone sends it again; who has the song gets the same one.
      expect((await client.upload(bytes)).byte_size).toBe(bytes.length);
    }
    expect(contradictions(test.dataDir)).toEqual([]);
    expect(rows(test.dataDir, 'select * from song')).toHaveLength(40);
  });

  it('at the same moment as the bytes leaves no object without a row', async () => {
    for (let i = 0; i < 40; i += 1) {
      const bytes = mp3(3);
      const ticket = await client.ticketFor(bytes);
      const [put] = await Promise.all([
        client.put(ticket, bytes),
        test.archive.cleanUp({ olderThanSeconds: -1 }),
      ]);
      expect([204, 404]).toContain(put.status);
    }
    await test.archive.cleanUp({ olderThanSeconds: -1 });
    expect(contradictions(test.dataDir)).toEqual([]);
    expect(storedObjects(test.dataDir).size).toBe(0);
  });

  it('works from another process while the archive runs', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    const beside = await openMaintenance({ dataDir: test.dataDir });
    expect(await beside.cleanUp({ olderThanSeconds: -1 })).toMatchObject({ blobs: 1 });
    await beside.close();
    expect((await client.record(ticket)).status).toBe(404);
    expect((await client.upload(bytes)).byte_size).toBe(bytes.length);
  });
});

/**
 * Damages a file and keeps it where it is, until it is released: root is kept off by chattr, everybody else by the
 * rights of its folder. Undefined where neither can be done.
 */
const holdFast = (path: string): (() => void) | undefined => {
  writeFileSync(path, Buffer.alloc(statSync(path).size));
  const folder = dirname(path);
  const chattr = (mark: '+i' | '-i') => spawnSync('chattr', [mark, path]).status === 0;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !chattr('+i')) return undefined;
  if (!isRoot) chmodSync(folder, 0o500);
  let isHeld = true;
  const release = (): void => {
    if (isHeld && isRoot) chattr('-i');
    if (isHeld && !isRoot) chmodSync(folder, 0o700);
    isHeld = false;
  };
  onTestFinished(release);
  return release;
};

describe('looking after what is stored', () => {
  /** Where the object of each song lies. */
  const pathsByName = (): ReadonlyMap<string, string> =>
    new Map(
      rows<{ name: string; key: string }>(
        test.dataDir,
        'select original_filename as name, key from song join blob on blob.id = blob_id',
      ).map(({ name, key }) => [name, join(test.dataDir, 'objects', key.slice(0, 2), key)]),
    );
  const verified = async (readBytes: boolean) => {
    const beside = await openMaintenance({ dataDir: test.dataDir });
    try {
      return await beside.verify({ readBytes });
    } finally {
      await beside.close();
    }
  };
  const known = async (bytes: Buffer): Promise<unknown> => {
    const item = { sha256: sha256Of(bytes), byte_size: bytes.length };
    const { body } = await client.post('/api/v1/songs/known', { items: [item] });
    return knownAnswerSchema.parse(body).songs[0]?.id ?? null;
  };

  it('finds every song whose file is missing, cut short or changed, puts aside what is left of it, and is mended by the same bytes', async () => {
    const songs = new Map<string, { bytes: Buffer; id: number }>();
    for (const name of ['good', 'gone', 'short', 'changed']) {
      const bytes = mp3();
      songs.set(name, { bytes, id: (await client.upload(bytes, `${name}.mp3`)).id });
    }
    const at = (name: string): string => pathsByName().get(`${name}.mp3`) ?? '';
    const changed = Buffer.alloc(readFileSync(at('changed')).length);
    unlinkSync(at('gone'));
    writeFileSync(at('short'), 'x');
    writeFileSync(at('changed'), changed);

    const quick = await verified(false);
    expect(quick.damaged).toEqual([
      { id: 2, filename: 'gone.mp3', fault: 'missing' },
      { id: 3, filename: 'short.mp3', fault: 'wrong_size' },
    ]);
    const thorough = await verified(true);
    expect(thorough.songs).toBe(4);
    expect(thorough.damaged.map(({ filename, fault }) => [filename, fault])).toEqual([
      ['gone.mp3', 'missing'],
      ['short.mp3', 'missing'],
      ['changed.mp3', 'wrong_bytes'],
    ]);
    const aside = (): readonly string[] =>
      readdirSync(join(test.dataDir, 'quarantine')).map((name) =>
        sha256Of(readFileSync(join(test.dataDir, 'quarantine', name))),
      );
    expect(aside().toSorted()).toEqual([sha256Of(Buffer.from('x')), sha256Of(changed)].toSorted());

    for (const [name, { bytes, id }] of songs) {
      expect(await known(bytes)).toBe(name === 'good' ? id : null);
      // A new ticket, the bytes, the record: the song keeps its number.
      expect((await client.upload(bytes, `${name}.mp3`)).id).toBe(id);
      expect(await known(bytes)).toBe(id);
    }
    expect(contradictions(test.dataDir)).toEqual([]);
    expect((await verified(true)).damaged).toEqual([]);
    // A clean-up leaves alone what was put aside.
    expect(await test.archive.cleanUp({ olderThanSeconds: -1 })).toMatchObject({ blobs: 0, objects: 0 });
    expect(aside()).toHaveLength(2);
  });

  it('names what cannot be read, and neither calls it damaged nor touches it', async () => {
    // A folder in the place of a file cannot be read by anybody, root or not. It has the size of the song if it can.
    const folder = testFolder();
    const size = statSync(folder).size;
    const bytes = size > 400 ? Buffer.concat([mp3(), Buffer.alloc(size)]).subarray(0, size) : mp3();
    await client.upload(bytes, 'dark.mp3');
    await client.upload(mp3(), 'odd.mp3');
    await client.upload(mp3(), 'gone.mp3');
    await client.upload(mp3(), 'good.mp3');
    const at = (name: string): string => pathsByName().get(`${name}.mp3`) ?? '';
    const dark = readFileSync(at('dark'));
    const odd = readFileSync(at('odd'));
    for (const name of ['dark', 'odd']) {
      unlinkSync(at(name));
      mkdirSync(at(name));
    }
    const gone = readFileSync(at('gone'));
    unlinkSync(at('gone'));

    const report = await verified(true);
    expect(report).toEqual({
      songs: 4,
      damaged: [{ id: 3, filename: 'gone.mp3', fault: 'missing' }],
      stuck: [],
      unreadable: [
        { id: 1, filename: 'dark.mp3' },
        { id: 2, filename: 'odd.mp3' },
      ],
    });
    const quick = await verified(false);
    expect(quick.damaged).toEqual(report.damaged);
    expect(quick.unreadable).toContainEqual({ id: 2, filename: 'odd.mp3' });
    expect(statSync(at('dark')).isDirectory() && statSync(at('odd')).isDirectory()).toBe(true);
    expect(existsSync(join(test.dataDir, 'quarantine'))).toBe(false);

    // The disk is well again: so are the songs.
    for (const [name, content] of [
      ['dark', dark],
      ['odd', odd],
    ] as const) {
      rmdirSync(at(name));
      writeFileSync(at(name), content);
    }
    writeFileSync(at('gone'), gone);
    expect(await verified(true)).toEqual({ songs: 4, damaged: [], stuck: [], unreadable: [] });
  });

  it('names a damaged file that cannot be put aside, puts aside the others, and the rest when it can', async (context) => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.mp3`);
    const songs = new Map<string, Buffer>();
    for (const name of names) songs.set(name, mp3());
    for (const [name, bytes] of songs) await client.upload(bytes, name);
    const paths = pathsByName();
    const stuckPath = paths.get('b.mp3') ?? '';
    const release = holdFast(stuckPath);
    if (release === undefined) return context.skip('nothing here keeps a file where it is');
    // Where its whole folder is held, what lies beside it is as well.
    const damaged = names
      .slice(1)
      .filter((name) => name === 'b.mp3' || dirname(paths.get(name) ?? '') !== dirname(stuckPath));
    for (const name of damaged.filter((it) => it !== 'b.mp3')) writeFileSync(paths.get(name) ?? '', 'x');
    const faults = damaged.map((name) => ({
      id: names.indexOf(name) + 1,
      filename: name,
      fault: name === 'b.mp3' ? 'wrong_bytes' : 'wrong_size',
    }));

    expect(await verified(true)).toEqual({
      songs: 5,
      damaged: faults,
      stuck: [{ id: 2, filename: 'b.mp3' }],
      unreadable: [],
    });
    expect(readdirSync(join(test.dataDir, 'quarantine'))).toHaveLength(damaged.length - 1);
    for (const name of damaged.filter((it) => it !== 'b.mp3'))
      expect(await known(songs.get(name) ?? Buffer.of())).toBeNull();
    expect(existsSync(stuckPath)).toBe(true);

    release();
    expect(await verified(true)).toMatchObject({ stuck: [], unreadable: [] });
    expect(readdirSync(join(test.dataDir, 'quarantine'))).toHaveLength(damaged.length);
    for (const name of damaged) {
      const id = (await client.upload(songs.get(name) ?? Buffer.of(), name)).id;
      expect(id).toBe(names.indexOf(name) + 1);
    }
    expect(contradictions(test.dataDir)).toEqual([]);
  });

  it('refuses a record for bytes that were put aside, and takes them again under the same ticket', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    expect((await client.record(ticket)).status).toBe(201);
    const [path = ''] = pathsByName().values();
    writeFileSync(path, Buffer.alloc(bytes.length));
    expect((await verified(true)).damaged).toHaveLength(1);

    const refused = await client.record(ticket);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'not_uploaded']);
    expect((await client.put(ticket, bytes)).status).toBe(204);
    expect((await client.record(ticket)).status).toBe(200);
    expect(rows(test.dataDir, 'select id from song')).toHaveLength(1);
    expect(contradictions(test.dataDir)).toEqual([]);
  });

  it('keeps tickets valid over one change of keys, not over two', async () => {
    const [one, two] = [mp3(), mp3()];
    const tickets = [await client.ticketFor(one), await client.ticketFor(two)] as const;
    const restarted = async (): Promise<Client> => {
      rotateKeys(test.dataDir);
      await test.restart();
      return fresh();
    };
    const put = (url: string, bytes: Buffer) =>
      fetch(url.replace(/^http:\/\/[^/]+/, test.archive.url), {
        method: 'PUT',
        headers: tickets[0].direct_upload.headers,
        body: new Uint8Array(bytes),
      });
    client = await restarted();
    expect((await put(tickets[0].direct_upload.url, one)).status).toBe(204);
    expect((await client.record(tickets[0])).status).toBe(201);
    client = await restarted();
    expect((await client.record(tickets[1])).status).toBe(404);
  });
});
