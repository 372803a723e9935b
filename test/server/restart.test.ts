import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionSchema } from '../../shared/api/auth.ts';
import { PROBE_POINTS, type ProbePoint } from '../../server/probe.ts';
import { mp3, sha256Of } from './support/audio.ts';
import { type Client, createClient } from './support/client.ts';
import { contradictions, rows, storedObjects, tempFiles } from './support/look.ts';

const ENTRY = fileURLToPath(new URL('support/archive-process.ts', import.meta.url));
const EMAIL = 'admin@example.com';
const PASSWORD = 'a long enough sentence';

interface ArchiveProcess {
  readonly url: string;
  readonly ended: Promise<string>;
  stop(): Promise<string>;
}

/** The archive as a process of its own, as `ledgerline server` starts it; one that can be killed. */
const startProcess = (dataDir: string, crashAt?: string): Promise<ArchiveProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [ENTRY, '--port', '0', '--data-dir', dataDir], {
      env: {
        PATH: process.env['PATH'],
        LEDGERLINE_ADMIN_EMAIL: EMAIL,
        LEDGERLINE_ADMIN_PASSWORD: PASSWORD,
        ...(crashAt === undefined ? {} : { LEDGERLINE_CRASH_AT: crashAt }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const ended = new Promise<string>((done) => {
      child.once('exit', (code, signal) => done(signal ?? `exit ${code}`));
    });
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /archive is at (\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        ended,
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then((how) => reject(new Error(`the archive ended (${how}) and said: ${said}`)));
  });

const signIn = async (url: string): Promise<Client> => {
  const { body } = await createClient(url).post('/api/v1/auth/login', { email: EMAIL, password: PASSWORD });
  return createClient(url, sessionSchema.parse(body).api_token);
};

describe('an archive that is killed', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ledgerline-killed-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it.each(PROBE_POINTS)('at %s loses nothing, doubles nothing and goes on', async (point: ProbePoint) => {
    const dying = await startProcess(dataDir, `${point}:2`);
    const client = await signIn(dying.url);
    const [first, second] = [mp3(), mp3()];
    await client.upload(first);
    await expect(client.upload(second)).rejects.toBeInstanceOf(Error);
    expect(await dying.ended).toBe('SIGKILL');

    const again = await startProcess(dataDir);
    const back = await signIn(again.url);
    const song = await back.upload(second);
    expect(song.sha256).toBe(sha256Of(second));
    expect(await again.stop()).toBe('exit 0');

    expect(contradictions(dataDir)).toEqual([]);
    expect(tempFiles(dataDir)).toEqual([]);
    for (const bytes of [first, second]) {
      expect(rows(dataDir, 'select id from song where sha256 = ?', sha256Of(bytes))).toHaveLength(1);
      expect([...storedObjects(dataDir).values()]).toContain(sha256Of(bytes));
    }
  });

  it('between the bytes and their row finds them again: the record needs no second PUT', async () => {
    const dying = await startProcess(dataDir, 'renamed:1');
    const client = await signIn(dying.url);
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await expect(client.put(ticket, bytes)).rejects.toBeInstanceOf(Error);
    await dying.ended;

    const again = await startProcess(dataDir);
    const back = await signIn(again.url);
    expect(rows(dataDir, 'select state from blob where id = ?', ticket.id)).toEqual([{ state: 'pending' }]);
    const recorded = await back.record(ticket);
    expect(recorded.status).toBe(201);
    expect(recorded.body).toMatchObject({ song: { sha256: sha256Of(bytes) } });
    await again.stop();
  });

  it('after the song was made answers the repeated question with the same song', async () => {
    const dying = await startProcess(dataDir, 'song_committed:1');
    const client = await signIn(dying.url);
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    await expect(client.record(ticket)).rejects.toBeInstanceOf(Error);
    await dying.ended;

    const again = await startProcess(dataDir);
    const recorded = await (await signIn(again.url)).record(ticket);
    expect(recorded.status).toBe(200);
    await again.stop();
  });
});
