import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionSchema } from '../../shared/api/auth.ts';
import { songListSchema } from '../../shared/api/songs.ts';
import { md5Of, mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { createClient } from './support/client.ts';

describe('the way of one file with a plain HTTP client', () => {
  let test: TestArchive;
  const password = 'a long enough sentence';
  beforeAll(async () => {
    test = await startTestArchive();
    await test.archive.accounts.add({ email: 'Mod@Example.com', role: 'moderator', password });
  });
  afterAll(() => test.stop());

  it('goes from log-in to the list', async () => {
    const visitor = createClient(test.archive.url);
    const login = await visitor.post('/api/v1/auth/login', { email: 'mod@example.com', password });
    expect(login.status).toBe(200);
    const session = sessionSchema.parse(login.body);
    expect(Date.parse(session.expires_at) - Date.now()).toBeGreaterThan(3500_000);

    const client = createClient(test.archive.url, session.api_token);
    const bytes = mp3(200, 'From the file');
    const ticket = await client.ticketFor(bytes, 'Some song.mp3');
    expect(ticket.signed_id).toBe(ticket.direct_upload.signed_id);
    expect(ticket.direct_upload.headers).toEqual({
      'Content-Type': 'audio/mpeg',
      'Content-MD5': md5Of(bytes),
    });
    expect((await client.put(ticket, bytes)).status).toBe(204);
    const recorded = await client.record(ticket, 'Some song.mp3', { title: 'A title', year: 1999 });
    expect(recorded.status).toBe(201);
    expect(recorded.body).toMatchObject({
      song: {
        title: 'A title',
        year: 1999,
        original_filename: 'Some song.mp3',
        processing_status: 'queued',
        byte_size: bytes.length,
        checksum: md5Of(bytes),
        sha256: sha256Of(bytes),
      },
    });
    const list = songListSchema.parse((await client.get('/api/v1/songs')).body);
    expect(list.count).toBe(1);
    expect(list.songs[0]?.sha256).toBe(sha256Of(bytes));
  });
});
