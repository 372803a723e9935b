import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { songAnswerSchema } from '../../shared/api/songs.ts';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { md5Of, mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Answer, type Client, codeOf, createClient } from './support/client.ts';
import { rows, storedObjects } from './support/look.ts';
import { rawRequest } from './support/raw.ts';

let test: TestArchive;
let client: Client;
beforeEach(async () => {
  test = await startTestArchive();
  client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
});
afterEach(() => test.stop());

const idOf = (answer: Answer): number => songAnswerSchema.parse(answer.body).song.id;
const remove = (key: string): void => unlinkSync(join(test.dataDir, 'objects', key.slice(0, 2), key));

describe('a ticket', () => {
  it('is given for the plain shape and for the one inside blob', async () => {
    const bytes = mp3();
    const item = {
      filename: 'a.mp3',
      content_type: 'audio/mpeg',
      byte_size: bytes.length,
      checksum: md5Of(bytes),
    };
    const plain = await client.post('/api/v1/songs/direct_upload', item);
    const wrapped = await client.post('/api/v1/songs/direct_upload', { blob: item });
    for (const answer of [plain, wrapped]) {
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        filename: 'a.mp3',
        byte_size: bytes.length,
        checksum: md5Of(bytes),
      });
    }
  });

  it('is refused for what is no audio by its name, by its type, or when these disagree', async () => {
    const item = { filename: 'a.mp3', content_type: 'audio/mpeg', byte_size: 10, checksum: null };
    for (const wrong of [
      { filename: 'a.exe' },
      { filename: 'a.mp3.html' },
      { filename: 'mp3' },
      { content_type: 'text/html' },
      { content_type: 'application/octet-stream' },
      { content_type: 'audio/flac' },
    ]) {
      const answer = await client.post('/api/v1/songs/direct_upload', { ...item, ...wrong });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'unsupported_audio']);
    }
    expect(rows(test.dataDir, 'select * from blob')).toEqual([]);
  });

  it('is refused for a file over the limit', async () => {
    const answer = await client.post('/api/v1/songs/direct_upload', {
      filename: 'a.mp3',
      content_type: 'audio/mpeg',
      byte_size: 5 * 1024 ** 3,
    });
    expect([answer.status, codeOf(answer)]).toEqual([413, 'too_large']);
  });

  it('in a batch, each item has its own result', async () => {
    const good = { filename: 'a.mp3', content_type: 'audio/mpeg', byte_size: 10 };
    const answer = await client.post('/api/v1/songs/direct_uploads', {
      items: [good, { ...good, filename: 'a.txt' }, good],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      results: [{ status: 200 }, { status: 422, problem: { code: 'unsupported_audio' } }, { status: 200 }],
    });
    const many = await client.post('/api/v1/songs/direct_uploads', { items: Array(101).fill(good) });
    expect([many.status, codeOf(many)]).toEqual([413, 'too_large']);
  });
});

describe('the bytes', () => {
  it('may come again when they are the same', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    expect((await client.put(ticket, bytes)).status).toBe(204);
    expect((await client.put(ticket, bytes)).status).toBe(204);
    expect((await client.record(ticket)).status).toBe(201);
    expect((await client.put(ticket, bytes)).status).toBe(204);
  });

  it('stay unharmed when other bytes come under the same ticket, with and without a known checksum', async () => {
    for (const more of [{}, { checksum: null }]) {
      const bytes = mp3();
      const ticket = await client.ticketFor(bytes, 'song.mp3', more);
      expect((await client.put(ticket, bytes)).status).toBe(204);
      const answer = await client.put(ticket, mp3());
      expect([answer.status, codeOf(answer)]).toEqual([409, 'already_stored']);
      expect(storedObjects(test.dataDir).get(ticket.key)).toBe(sha256Of(bytes));
      expect((await client.record(ticket)).status).toBe(201);
      expect((await client.put(ticket, mp3())).status).toBe(409);
    }
  });

  it('of twenty different senders with one ticket are those of exactly one', async () => {
    const bodies = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? mp3() : undefined));
    const shared = mp3();
    const ticket = await client.ticketFor(shared, 'song.mp3', { checksum: null });
    const answers = await Promise.all(bodies.map((body) => client.put(ticket, body ?? shared)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.every((status) => status === 204 || status === 409)).toBe(true);
    const stored = storedObjects(test.dataDir).get(ticket.key);
    const winners = bodies.filter((_, i) => statuses[i] === 204).map((body) => sha256Of(body ?? shared));
    expect(new Set(winners)).toEqual(new Set([stored]));
  });

  it('are refused when length, type or checksum differ, and leave nothing', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    const short = await client.put(ticket, bytes.subarray(1));
    const long = await client.put(ticket, Buffer.concat([bytes, Buffer.from('x')]));
    const type = await client.put(ticket, bytes, { 'content-type': 'audio/flac' });
    const wrong = await client.put(ticket, mp3());
    const header = await client.put(ticket, bytes, { 'content-md5': md5Of(mp3()) });
    expect([short, long, type, wrong, header].map((a) => [a.status, codeOf(a)])).toEqual([
      [422, 'length_mismatch'],
      [422, 'length_mismatch'],
      [422, 'type_mismatch'],
      [422, 'checksum_mismatch'],
      [422, 'checksum_mismatch'],
    ]);
    expect(storedObjects(test.dataDir).size).toBe(0);
    expect((await client.put(ticket, bytes)).status).toBe(204);
  });

  it('are refused when the SHA-256 of the ticket differs, even where the MD5 fits', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes, 'song.mp3', { sha256: sha256Of(mp3()) });
    const answer = await client.put(ticket, bytes);
    expect([answer.status, codeOf(answer)]).toEqual([422, 'checksum_mismatch']);
  });

  it('need their length', async () => {
    const bytes = mp3();
    const { direct_upload: upload } = await client.ticketFor(bytes);
    const answer = await rawRequest(upload.url, {
      method: 'PUT',
      headers: { ...upload.headers },
      body: bytes,
      chunked: true,
    });
    expect(answer.status).toBe(411);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'length_required' });
  });

  it('come too late after the address has expired, but not when they began before', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    test.wait(16 * 60);
    const answer = await client.put(ticket, bytes);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'url_expired']);

    const slow = await client.ticketFor(bytes);
    const late = await rawRequest(slow.direct_upload.url, {
      method: 'PUT',
      headers: { ...slow.direct_upload.headers },
      body: bytes,
      half: () => test.wait(16 * 60),
    });
    expect(late.status).toBe(204);
  });
});

describe('the record', () => {
  it('is the same song however often it is asked for', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    const first = await client.record(ticket);
    const again = await client.record(ticket);
    const many = await Promise.all(Array.from({ length: 20 }, () => client.record(ticket)));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(new Set([first, again, ...many].map(idOf)).size).toBe(1);
    expect(rows(test.dataDir, 'select * from song')).toHaveLength(1);
  });

  it('is one song when twenty ask at once', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.record(ticket)));
    expect(answers.map((a) => a.status).toSorted((a, b) => a - b)).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(idOf)).size).toBe(1);
  });

  it('is refused before the bytes are there', async () => {
    const ticket = await client.ticketFor(mp3());
    const answer = await client.record(ticket);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'not_uploaded']);
  });

  it('is the song that is there when the same bytes came under another ticket, and the spare ones go', async () => {
    const bytes = mp3();
    const first = await client.upload(bytes, 'one.mp3');
    const ticket = await client.ticketFor(bytes, 'two.mp3');
    await client.put(ticket, bytes);
    const answer = await client.record(ticket, 'two.mp3');
    expect([answer.status, idOf(answer)]).toEqual([200, first.id]);
    expect(storedObjects(test.dataDir).size).toBe(1);
    expect(rows(test.dataDir, 'select * from blob')).toHaveLength(1);
  });

  it('keeps a long name as it is, and says `untitled` where there is nothing to see before the extension', async () => {
    const long = `${'é'.repeat(1020)}.mp3`;
    expect((await client.upload(mp3(), long)).original_filename).toBe(long);
    expect((await client.upload(mp3(), ' .mp3')).original_filename).toBe('untitled.mp3');
    expect((await client.upload(mp3(), '..mp3')).original_filename).toBe('untitled.mp3');
    const item = { content_type: 'audio/mpeg', byte_size: 10 };
    for (const [filename, words] of [
      [`${'é'.repeat(1021)}.mp3`, 'filename: has more than 1024 characters'],
      ['', 'filename: is empty'],
    ]) {
      const ticket = await client.post('/api/v1/songs/direct_upload', { ...item, filename });
      expect([ticket.status, ticket.body]).toEqual([400, expect.objectContaining({ detail: words })]);
      const record = await client.post('/api/v1/songs/create_from_blob', { blob_signed_id: 'x', filename });
      expect([record.status, record.body]).toEqual([400, expect.objectContaining({ detail: words })]);
    }
    // A file that is only called .mp3 has no extension: nothing says that it is music.
    const hidden = await client.post('/api/v1/songs/direct_upload', { ...item, filename: '.mp3' });
    expect([hidden.status, codeOf(hidden)]).toEqual([422, 'unsupported_audio']);
  });

  it('is a song of its own for each owner of the same bytes', async () => {
    const bytes = mp3();
    const other = createClient(test.archive.url, await test.tokenOf('other@example.com'));
    expect((await client.upload(bytes)).id).not.toBe((await other.upload(bytes)).id);
  });

  it('is refused for bytes that are no audio, or other audio than the name says; these are removed', async () => {
    const cases: readonly (readonly [string, Buffer])[] = [
      ['song.mp3', Buffer.from('<html><script>alert(1)</script></html>')],
      ['song.mp3', Buffer.from('MZ\u0090\0 this is a program')],
      ['song.mp3', Buffer.from('PK\u0003\u0004 a zip')],
      ['song.mp3', Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(100, 1)])],
      [
        'song.mp3',
        Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x0a'), Buffer.alloc(10), Buffer.from('<html>')]),
      ],
    ];
    for (const [name, bytes] of cases) {
      const ticket = await client.ticketFor(bytes, name);
      expect((await client.put(ticket, bytes)).status).toBe(204);
      const answer = await client.record(ticket, name);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'not_audio']);
      expect(codeOf(await client.record(ticket, name))).toBe('not_found');
    }
    expect(storedObjects(test.dataDir).size).toBe(0);
    expect(rows(test.dataDir, 'select * from blob')).toEqual([]);
  });

  it('takes an mp3 behind two tags and their padding', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x4b\0', 'latin1'), Buffer.alloc(75 * 128)]);
    const song = await client.upload(Buffer.concat([tag, tag, Buffer.alloc(50), mp3()]));
    expect(song.processing_status).toBe('queued');
  });

  it('in a batch, one transaction gives each item its own result', async () => {
    const [one, two] = [mp3(), mp3()];
    const [first, second] = [await client.ticketFor(one), await client.ticketFor(two)];
    await client.put(first, one);
    await client.put(second, two);
    const items = [first, second, await client.ticketFor(mp3()), first].map((ticket) => ({
      blob_signed_id: ticket.signed_id,
      filename: 'song.mp3',
    }));
    const answer = await client.post('/api/v1/songs/create_from_blobs', { items });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      results: [
        { status: 201 },
        { status: 201 },
        { status: 409, problem: { code: 'not_uploaded' } },
        { status: 200 },
      ],
    });
  });

  it('is refused when the object was lost meanwhile, and made after the bytes came again', async () => {
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    remove(ticket.key);
    expect(codeOf(await client.record(ticket))).toBe('not_uploaded');
    expect((await client.put(ticket, bytes)).status).toBe(204);
    expect((await client.record(ticket)).status).toBe(201);
  });

  it('gets new bytes under a new ticket when its old ones were lost, and stays the same song', async () => {
    const bytes = mp3();
    const song = await client.upload(bytes);
    const [blob] = rows<{ key: string }>(test.dataDir, 'select key from blob');
    remove(blob?.key ?? '');
    const known = { items: [{ sha256: sha256Of(bytes), byte_size: bytes.length }] };
    expect((await client.post('/api/v1/songs/known', known)).body).toEqual({ songs: [null] });
    expect((await client.upload(bytes)).id).toBe(song.id);
    expect((await client.post('/api/v1/songs/known', known)).body).toMatchObject({
      songs: [{ id: song.id }],
    });
    expect(rows(test.dataDir, 'select * from blob')).toHaveLength(1);
  });
});

describe('what is known', () => {
  it("is told in the order asked, of one's own songs only, with the right size only", async () => {
    const [mine, theirs] = [mp3(), mp3()];
    const song = await client.upload(mine);
    const other = createClient(test.archive.url, await test.tokenOf('other@example.com'));
    await other.upload(theirs);
    const item = (bytes: Buffer, more = 0) => ({ sha256: sha256Of(bytes), byte_size: bytes.length + more });
    const answer = await client.post('/api/v1/songs/known', {
      items: [item(theirs), item(mine), item(mp3()), item(mine, 1), item(mine)],
    });
    expect(answer.body).toMatchObject({ songs: [null, { id: song.id }, null, null, { id: song.id }] });
  });
});

describe('the list', () => {
  it('is newest first, in pages, by status, and every song can be asked for alone', async () => {
    const songs = [];
    for (let i = 0; i < 5; i += 1) songs.push(await client.upload(mp3(), `${i}.mp3`, { title: `t${i}` }));
    await test.archive.processed();
    const page = await client.get('/api/v1/songs?page=2&per_page=2');
    expect(page.body).toMatchObject({
      count: 5,
      page: 2,
      per_page: 2,
      songs: [{ title: 't2' }, { title: 't1' }],
    });
    const none = await client.get('/api/v1/songs?processing_status=queued');
    expect(none.body).toMatchObject({ count: 0, songs: [] });
    const one = await client.get(`/api/v1/songs/${songs[0]?.id}`);
    expect(one.body).toMatchObject({ song: { id: songs[0]?.id, title: 't0' } });
    expect((await client.get('/api/v1/songs/999')).status).toBe(404);
    for (const bad of ['page=0', 'page=x', 'per_page=201', 'processing_status=lost', 'sort=id']) {
      expect((await client.get(`/api/v1/songs?${bad}`)).status).toBe(400);
    }
  });
});
