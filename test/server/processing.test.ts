import { afterEach, describe, expect, it } from 'vitest';
import type { Song } from '../../shared/api/songs.ts';
import { songAnswerSchema } from '../../shared/api/songs.ts';
import type { HelperProcess, Launch } from '../../shared/launch.ts';
import { createMediaReader } from '../../server/processing/reader.ts';
import { AUDIO_WRITERS, WRITABLE_FORMATS } from '../../src-main/headless/demo/audio/formats.ts';
import { BAD_MEDIA } from '../tools/generator/bad-media.ts';
import { detectFormat, mimeTypeOfExtension, extensionOf } from '../../shared/audio-types.ts';
import { mp3 } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Client, createClient } from './support/client.ts';
import { meddle, rows } from './support/look.ts';

let test: TestArchive;
let client: Client;
const start = async (config: Parameters<typeof startTestArchive>[0] = {}): Promise<void> => {
  test = await startTestArchive(config);
  client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
};
afterEach(() => test.stop());

const songOf = async (id: number): Promise<Song> =>
  songAnswerSchema.parse((await client.get(`/api/v1/songs/${id}`)).body).song;

const upload = async (bytes: Buffer, name: string, metadata?: object): Promise<Song> => {
  const type = mimeTypeOfExtension(extensionOf(name));
  const ticket = await client.ticketFor(bytes, name, { content_type: type });
  await client.put(ticket, bytes);
  return songAnswerSchema.parse((await client.record(ticket, name, metadata)).body).song;
};

describe('what a file tells of itself', () => {
  it('is read from each format after the song was made', async () => {
    await start();
    const tags = { title: 'Ein Titel', artist: 'Wer', album: 'Was', track: 3, year: 1987, genre: 'Jazz' };
    const ids = new Map<string, number>();
    for (const [seed, format] of WRITABLE_FORMATS.entries()) {
      const bytes = AUDIO_WRITERS[format].write(tags, { seconds: 1, seed });
      ids.set(format, (await upload(bytes, `a.${format}`)).id);
    }
    await test.archive.processed();
    for (const [format, id] of ids) {
      const song = await songOf(id);
      expect([format, song.processing_status, song.title, song.artist]).toEqual([
        format,
        'needs_review',
        'Ein Titel',
        'Wer',
      ]);
      expect(song.duration).toBeGreaterThan(0.9);
      expect(song.codec).toEqual(expect.any(String));
      expect(song.bit_rate).toBeGreaterThan(0);
      expect(song.has_artwork).toBe(false);
    }
  });

  it('counts more than what the client says, which fills the gaps', async () => {
    await start();
    const { id } = await upload(mp3(40, 'From the file'), 'a.mp3', {
      title: 'From the client',
      album: 'Gap',
    });
    await test.archive.processed();
    expect(await songOf(id)).toMatchObject({ title: 'From the file', album: 'Gap' });
  });

  it('is not told by files made to break a parser; each is listed and the rest goes on', async () => {
    await start({ config: { readTimeoutSeconds: 5 } });
    const bad = BAD_MEDIA.filter(({ looksLikeAudio, bytes }) => looksLikeAudio && bytes().length > 0);
    const ids: number[] = [];
    for (const { name, bytes } of bad) {
      const file = bytes();
      if (detectFormat(file) === undefined && !file.subarray(0, 3).equals(Buffer.from('ID3'))) continue;
      ids.push((await upload(file, name)).id);
    }
    const good = await upload(mp3(40, 'Good'), 'good.mp3');
    const health = await client.get('/health');
    expect(health.status).toBe(200);
    await test.archive.processed();
    expect(ids.length).toBeGreaterThan(5);
    for (const id of ids) {
      const song = await songOf(id);
      expect(['needs_review', 'unreadable']).toContain(song.processing_status);
      const said = song.processing_status === 'unreadable' ? song.processing_error : 'readable';
      expect(said).toMatch(/\S{4}/);
      expect(said).not.toContain(test.dataDir);
    }
    expect(await songOf(good.id)).toMatchObject({ processing_status: 'needs_review', title: 'Good' });
  });
});

describe('the queue', () => {
  it('goes on after a stop in the middle', async () => {
    await start();
    const { id } = await upload(mp3(40, 'One'), 'a.mp3');
    await test.archive.processed();
    meddle(test.dataDir, "update song set processing_status = 'processing', title = null");
    await test.restart();
    await test.archive.processed();
    client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
    expect(await songOf(id)).toMatchObject({ processing_status: 'needs_review', title: 'One' });
  });

  it('is told of by the status', async () => {
    await start();
    for (let i = 0; i < 3; i += 1) await upload(mp3(), `${i}.mp3`);
    await test.archive.processed();
    meddle(test.dataDir, "update song set processing_status = 'queued' where id = 1");
    test.wait(60);
    const { body } = await client.get('/api/v1/status');
    expect(body).toMatchObject({
      songs: { queued: 1, processing: 0, needs_review: 2, unreadable: 0 },
      queue: { depth: 1 },
      storage: { used_bytes: 3 * mp3().length },
    });
    expect(body).toHaveProperty('queue.oldest_seconds', expect.closeTo(60, -1));
    expect(body).toHaveProperty('storage.free_bytes', expect.any(Number));
  });

  it('says of a song whose file is missing that it must come again', async () => {
    await start();
    const song = await upload(mp3(), 'a.mp3');
    await test.archive.processed();
    const [blob] = rows<{ key: string }>(test.dataDir, 'select key from blob');
    meddle(test.dataDir, "update song set processing_status = 'queued'");
    const key = blob?.key ?? '';
    const { renameSync } = await import('node:fs');
    const path = `${test.dataDir}/objects/${key.slice(0, 2)}/${key}`;
    renameSync(path, `${test.dataDir}/away`);
    await test.restart();
    await test.archive.processed();
    renameSync(`${test.dataDir}/away`, path);
    client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
    expect(await songOf(song.id)).toMatchObject({ processing_status: 'unreadable' });
  });
});

describe('the reader', () => {
  /** A helper that does with each file what the test says. */
  const launchWith = (behave: (helper: { answer(m: unknown): void; die(): void }, job: number) => void) => {
    let started = 0;
    let killed = 0;
    const launch: Launch = {
      thread: () => {
        throw new Error('no threads here');
      },
      sqlFolder: () => '',
      process: (): HelperProcess => {
        started += 1;
        let tell: (message: unknown) => void = () => undefined;
        let exit: (reason: number | string) => void = () => undefined;
        return {
          send: (message) => {
            const { job } = message as { job: number };
            queueMicrotask(() => behave({ answer: (m) => tell(m), die: () => exit('SIGKILL') }, job));
          },
          onMessage: (listener) => (tell = listener),
          onExit: (listener) => (exit = listener),
          kill: () => void (killed += 1),
        };
      },
    };
    return { launch, counts: () => ({ started, killed }) };
  };

  it('gives up on a file that takes too long, kills the helper, and starts another', async () => {
    await start();
    const { launch, counts } = launchWith((helper, job) => {
      if (job === 2) helper.answer({ job, reason: 'odd' });
    });
    const reader = createMediaReader(launch, { heapMiB: 64, timeoutSeconds: 0.05 });
    expect(await reader.read('/x')).toMatchObject({ kind: 'unreadable', reason: /longer than/ });
    expect(await reader.read('/y')).toEqual({ kind: 'unreadable', reason: 'odd' });
    expect(counts()).toEqual({ started: 2, killed: 1 });
  });

  it('tells that the helper died, and believes no answer that is none', async () => {
    await start();
    const { launch } = launchWith((helper, job) =>
      job === 1 ? helper.die() : helper.answer({ hello: job }),
    );
    const reader = createMediaReader(launch, { heapMiB: 64, timeoutSeconds: 5 });
    expect(await reader.read('/x')).toEqual({ kind: 'died' });
    expect(await reader.read('/y')).toMatchObject({ kind: 'unreadable' });
  });
});
