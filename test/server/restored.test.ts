import { copyFileSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { songAnswerSchema } from '../../shared/api/songs.ts';
import { openMaintenance } from '../../server/maintenance.ts';
import { testFolder } from '../kit/test-folder.ts';
import { mp3, sha256Of } from './support/audio.ts';
import { startTestArchive } from './support/archive.ts';
import { codeOf, createClient } from './support/client.ts';
import { contradictions, rows, storedObjects } from './support/look.ts';

it('a database put back from a backup: what it does not know is kept aside, what it lacks is named, and nothing is mixed up', async () => {
  const test = await startTestArchive();
  const signedIn = async () => createClient(test.archive.url, await test.tokenOf('mod@example.com'));
  const database = join(test.dataDir, 'archive.db');
  const backup = join(testFolder(), 'archive.db');
  const [kept, removed, later, unrecorded] = [mp3(), mp3(), mp3(), mp3()];

  let client = await signedIn();
  await client.upload(kept, 'kept.mp3');
  const gone = await client.upload(removed, 'gone.mp3');
  await test.archive.processed();
  await test.archive.close();
  copyFileSync(database, backup);
  await test.restart();
  client = await signedIn();
  await client.upload(later, 'later.mp3');
  const ticket = await client.ticketFor(unrecorded);
  expect((await client.put(ticket, unrecorded)).status).toBe(204);
  await test.archive.processed();
  await test.archive.close();
  copyFileSync(backup, database);
  await test.restart();
  client = await signedIn();

  // Both databases gave the same numbers to different uploads.
  await client.upload(mp3(), 'new.mp3');
  const other = mp3();
  const same = await client.ticketFor(other);
  expect(same.id).toBe(ticket.id);
  expect((await client.put(same, other)).status).toBe(204);
  // The archive has another port now.
  const url = ticket.direct_upload.url.replace(/^http:\/\/[^/]+/, test.archive.url);
  const old = { ...ticket, direct_upload: { ...ticket.direct_upload, url } };
  for (const attempt of [await client.record(old), await client.put(old, unrecorded)]) {
    expect([attempt.status, codeOf(attempt)]).toEqual([404, 'not_found']);
  }
  const recorded = await client.record(same);
  expect(songAnswerSchema.parse(recorded.body).song.sha256).toBe(sha256Of(other));

  expect(await test.archive.cleanUp()).toMatchObject({ blobs: 0, objects: 2 });
  const quarantine = join(test.dataDir, 'quarantine');
  const aside = readdirSync(quarantine).map((name) => sha256Of(readFileSync(join(quarantine, name))));
  expect(aside.toSorted()).toEqual([sha256Of(later), sha256Of(unrecorded)].toSorted());
  const known = await client.post('/api/v1/songs/known', {
    items: [kept, later].map((bytes) => ({ sha256: sha256Of(bytes), byte_size: bytes.length })),
  });
  expect(known.body).toMatchObject({ songs: [{ original_filename: 'kept.mp3' }, null] });
  await client.upload(later, 'later.mp3');

  // And the other way round: a song whose object is in none of what was put back.
  const [lost] = rows<{ key: string }>(
    test.dataDir,
    'select key from blob where sha256 = ?',
    sha256Of(removed),
  );
  const key = lost?.key ?? '';
  unlinkSync(join(test.dataDir, 'objects', key.slice(0, 2), key));
  const beside = await openMaintenance({ dataDir: test.dataDir });
  expect(await beside.verify({ readBytes: true })).toEqual({
    songs: 5,
    damaged: [{ id: gone.id, filename: 'gone.mp3', fault: 'missing' }],
    stuck: [],
    unreadable: [],
  });
  await beside.close();
  expect((await client.upload(removed, 'gone.mp3')).id).toBe(gone.id);
  expect(contradictions(test.dataDir)).toEqual([]);
  expect(storedObjects(test.dataDir).size).toBe(5);
  await test.stop();
});
