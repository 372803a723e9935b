import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Client, createClient } from './support/client.ts';
import { storedObjects } from './support/look.ts';

const STALL_SECONDS = 1;
let test: TestArchive;
let client: Client;
beforeAll(async () => {
  test = await startTestArchive({ config: { stallSeconds: STALL_SECONDS } });
  client = createClient(test.archive.url, await test.tokenOf('mod@example.com'));
});
afterAll(() => test.stop());

/** A PUT of which the head is sent, and what the archive says to it. */
const begin = async (bytes: Buffer): Promise<{ socket: Socket; said: Promise<string>; key: string }> => {
  const ticket = await client.ticketFor(bytes);
  const { hostname, port, pathname } = new URL(ticket.direct_upload.url);
  const socket = connect(Number(port), hostname);
  const said = new Promise<string>((resolve, reject) => {
    socket.once('data', (chunk) => resolve(chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve('closed'));
  });
  socket.write(
    `PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n` +
      `Content-MD5: ${ticket.checksum}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  );
  return { socket, said, key: ticket.key };
};

describe('an upload that pauses for less than it may', () => {
  it('is served, whenever it begins', async () => {
    const bytes = mp3();
    const one = async (): Promise<string> => {
      const { socket, said } = await begin(bytes);
      await sleep(300);
      socket.write(bytes);
      return said;
    };
    const answers: Promise<string>[] = [];
    // Over more than one stretch of time, so that some begin just before the end of any.
    for (let i = 0; i < 30; i += 1) {
      answers.push(one());
      await sleep(50);
    }
    const statuses = (await Promise.all(answers)).map((answer) => answer.slice(0, 12));
    expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 204']));
  });

  it('is served when its bytes came while this computer was asleep or busy', async () => {
    const bytes = mp3();
    const { socket, said, key } = await begin(bytes);
    await sleep(200);
    await new Promise((written) => socket.write(bytes.subarray(0, 4000), written));
    // Nothing else happens in this process meanwhile: no timer, and nothing is read from any connection.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_SECONDS * 1500);
    await sleep(100);
    socket.write(bytes.subarray(4000));
    expect(await said).toMatch(/^HTTP\/1.1 204/);
    expect(storedObjects(test.dataDir).get(key)).toBe(sha256Of(bytes));
  });
});
