import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noProbe, type ProbePoint } from '../../server/probe.ts';
import { createDiskStore } from '../../server/storage/disk.ts';
import { storageConformance } from './storage-conformance.ts';
import { mp3 } from './support/audio.ts';
import { startTestArchive } from './support/archive.ts';
import { codeOf, createClient } from './support/client.ts';
import { modeOf } from './support/look.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'ledgerline-store-'));

storageConformance('disk', async () => {
  const root = folder();
  const store = await createDiskStore(root, noProbe);
  return {
    store,
    leftovers: async () => readdirSync(join(root, 'tmp')).length,
    async dispose() {
      await store.close();
      rmSync(root, { recursive: true });
    },
  };
});

describe('the disk', () => {
  it('is written in an order that a power cut cannot hurt, with files that only the owner reads', async () => {
    const root = folder();
    onTestFinished(() => rmSync(root, { recursive: true }));
    const points: ProbePoint[] = [];
    const store = await createDiskStore(root, (point) => points.push(point));
    const key = store.newKey();
    await store.put(key, ReadableStream.from([Buffer.from('x')]), { maxByteSize: 10 });
    await store.close();
    expect(points).toEqual(['tmp_written', 'fsynced', 'renamed']);
    expect(modeOf(join(root, 'objects', key.slice(0, 2), key))).toBe(0o600);
    expect(modeOf(join(root, 'objects'))).toBe(0o700);
  });

  it('is swept of broken uploads at the start', async () => {
    const root = folder();
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'tmp'));
    for (let i = 0; i < 3; i += 1) writeFileSync(join(root, 'tmp', `${i}`), 'half');
    const store = await createDiskStore(root, noProbe);
    expect(await store.sweep()).toBe(3);
    await store.close();
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  });
});

/** A file system of a few megabytes can only be made by root. */
const smallDisk = (): string | undefined => {
  const root = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', root], { stdio: 'ignore' });
  } catch (error) {
    rmSync(root, { recursive: true });
    if (error instanceof Error) return undefined;
    throw error;
  }
  return root;
};

describe('a disk that is full', () => {
  it('is said with 507, leaves nothing behind, and work goes on once there is room', async (context) => {
    const root = smallDisk();
    if (root === undefined) return context.skip('making a small file system needs root');
    onTestFinished(() => {
      execFileSync('umount', ['-l', root]);
      rmSync(root, { recursive: true });
    });
    const test = await startTestArchive({ dataDir: join(root, 'data') });
    const client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
    const ballast = join(root, 'ballast');
    const bytes = mp3(2000);
    const ticket = await client.ticketFor(bytes);
    const { bavail, bsize } = statfsSync(root);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 300_000));

    const put = await client.put(ticket, bytes);
    expect([put.status, codeOf(put)]).toEqual([507, 'storage_full']);
    expect(readdirSync(join(root, 'data', 'tmp'))).toEqual([]);
    expect((await client.get('/health')).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const next = await client.post('/api/v1/songs/direct_upload', {
      filename: 'a.mp3',
      content_type: 'audio/mpeg',
      byte_size: bytes.length,
    });
    expect([next.status, codeOf(next)]).toEqual([507, 'storage_full']);

    rmSync(ballast);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await client.put(ticket, bytes)).status).toBe(204);
    expect((await client.record(ticket)).status).toBe(201);
    await test.stop();
  });
});
