import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMaintenance } from '../../server/maintenance.ts';
import { rotateKeys } from '../../server/signing/keys.ts';
import { mp3 } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Client, createClient } from './support/client.ts';
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

describe('looking after what is stored', () => {
  it('finds every song whose file is missing, cut short or changed, by its name', async () => {
    for (const name of ['good', 'gone', 'short', 'changed']) await client.upload(mp3(), `${name}.mp3`);
    const paths = new Map(
      rows<{ name: string; key: string }>(
        test.dataDir,
        'select original_filename as name, key from song join blob on blob.id = blob_id',
      ).map(({ name, key }) => [name, join(test.dataDir, 'objects', key.slice(0, 2), key)]),
    );
    const at = (name: string): string => paths.get(`${name}.mp3`) ?? '';
    const { readFileSync } = await import('node:fs');
    const originals = new Map([...paths].map(([name, path]) => [name, readFileSync(path)]));
    unlinkSync(at('gone'));
    writeFileSync(at('short'), 'x');
    writeFileSync(at('changed'), Buffer.alloc(readFileSync(at('changed')).length));

    const beside = await openMaintenance({ dataDir: test.dataDir });
    const quick = await beside.verify();
    expect(quick.damaged).toEqual([
      { id: 2, filename: 'gone.mp3', fault: 'missing' },
      { id: 3, filename: 'short.mp3', fault: 'wrong_size' },
    ]);
    const thorough = await beside.verify({ readBytes: true });
    expect(thorough.songs).toBe(4);
    expect(thorough.damaged.map(({ filename, fault }) => [filename, fault])).toEqual([
      ['gone.mp3', 'missing'],
      ['short.mp3', 'wrong_size'],
      ['changed.mp3', 'wrong_bytes'],
    ]);
    await beside.close();
    for (const [name, bytes] of originals) writeFileSync(paths.get(name) ?? '', bytes);
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
