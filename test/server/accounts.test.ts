import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Session, sessionSchema } from '../../shared/api/auth.ts';
import { checkNewPassword } from '../../server/accounts/password-rules.ts';
import { createLoginThrottle, waitAfter } from '../../server/accounts/throttle.ts';
import { createGroupedWrites } from '../../server/database/grouped-writes.ts';
import { openDatabase } from '../../server/database/open.ts';
import { networkOf } from '../../server/http/address.ts';
import { openMaintenance } from '../../server/maintenance.ts';
import { serverCommand } from '../../src-main/headless/commands/server.ts';
import { testFolder } from '../kit/test-folder.ts';
import { mp3 } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Answer, codeOf, createClient } from './support/client.ts';
import { createTestLog } from './support/log.ts';
import { rows, storedObjects } from './support/look.ts';

const EMAIL = 'mod@example.com';
const PASSWORD = 'correct battery staple horse';
let test: TestArchive;
let log: ReturnType<typeof createTestLog>;

beforeEach(async () => {
  log = createTestLog();
  test = await startTestArchive({ logger: log.logger });
  await test.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
});
afterEach(() => test.stop());

const login = (password = PASSWORD, email = EMAIL, headers: Record<string, string> = {}): Promise<Answer> =>
  fetch(`${test.archive.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email, password }),
  }).then(async (answer) => ({ status: answer.status, headers: answer.headers, body: await answer.json() }));
const signIn = async (): Promise<Session> => sessionSchema.parse((await login()).body);
const refresh = (session: Session): Promise<Answer> =>
  createClient(test.archive.url).post('/api/v1/auth/refresh', { refresh_token: session.refresh_token });
const list = async (session: Session): Promise<number> =>
  (await createClient(test.archive.url, session.api_token).get('/api/v1/songs')).status;

describe('a session', () => {
  it('ends after an hour, at the log-out, and for a role that was taken away at once', async () => {
    const first = await signIn();
    expect(await list(first)).toBe(200);
    test.wait(61 * 60);
    expect(await list(first)).toBe(401);

    const second = await signIn();
    const out = await createClient(test.archive.url, second.api_token).post('/api/v1/auth/logout');
    expect(out.status).toBe(204);
    expect(await list(second)).toBe(401);
    expect((await refresh(second)).status).toBe(401);

    const third = await signIn();
    await test.archive.accounts.setRole(EMAIL, 'member');
    expect(await list(third)).toBe(403);
  });

  it('is refreshed after its hour, and both answers of a repeated refresh work for some seconds', async () => {
    const session = await signIn();
    test.wait(61 * 60);
    const next = sessionSchema.parse((await refresh(session)).body);
    expect(await list(next)).toBe(200);
    test.wait(10);
    const again = await refresh(session);
    expect(again.status).toBe(200);
    expect(await list(sessionSchema.parse(again.body))).toBe(200);
  });

  it('is over, with all its descendants, when an old refresh token is used again later', async () => {
    const session = await signIn();
    const next = sessionSchema.parse((await refresh(session)).body);
    test.wait(30);
    const reused = await refresh(session);
    expect([reused.status, codeOf(reused)]).toEqual([401, 'refresh_invalid']);
    expect(await list(next)).toBe(401);
    expect((await refresh(next)).status).toBe(401);
    expect(log.audits('refresh_reused')).toHaveLength(1);
  });

  it('cannot be refreshed after thirty days', async () => {
    const session = await signIn();
    test.wait(31 * 24 * 3600);
    expect((await refresh(session)).status).toBe(401);
  });

  it('ends for everybody when the password is changed', async () => {
    const session = await signIn();
    await test.archive.accounts.setPassword(EMAIL, 'another long sentence');
    expect(await list(session)).toBe(401);
    expect((await login()).status).toBe(401);
    expect((await login('another long sentence')).status).toBe(200);
  });

  it('survives a restart', async () => {
    const session = await signIn();
    await test.restart();
    expect(await list(session)).toBe(200);
  });

  it('is in the database only as digests', async () => {
    const session = await signIn();
    const text = JSON.stringify([
      ...rows(test.dataDir, 'select * from session'),
      ...rows(test.dataDir, 'select * from user'),
    ]);
    for (const secret of [session.api_token, session.refresh_token ?? '', PASSWORD]) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });
});

describe('wrong passwords', () => {
  it('are free five times, then cost waiting that a changed address does not avoid', async () => {
    for (let i = 0; i < 5; i += 1) {
      const answer = await login('wrong', EMAIL, { 'x-forwarded-for': `10.0.0.${i}` });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'invalid_credentials']);
    }
    for (let i = 0; i < 3; i += 1) {
      const answer = await login(PASSWORD, EMAIL, { 'x-forwarded-for': `10.0.1.${i}` });
      expect([answer.status, codeOf(answer)]).toEqual([429, 'too_many_attempts']);
      expect(Number(answer.headers.get('retry-after'))).toBe(1);
    }
    test.wait(1);
    expect((await login('wrong')).status).toBe(401);
    expect(Number((await login()).headers.get('retry-after'))).toBe(2);
    test.wait(2);
    expect((await login()).status).toBe(200);
    expect((await login()).status).toBe(200);
    expect(log.audits('login_locked').length).toBeGreaterThan(0);
  });

  it('keep counting over a restart', async () => {
    for (let i = 0; i < 5; i += 1) await login('wrong');
    await test.restart();
    expect((await login()).status).toBe(429);
  });

  it('are answered alike for accounts that are there, that are not, and that have no password', async () => {
    await test.archive.accounts.ensure({ email: 'none@example.com', role: 'admin' });
    const answers = await Promise.all(
      [EMAIL, 'nobody@example.com', 'none@example.com', "' OR 1=1--"].map((email) => login('wrong', email)),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  });

  it('wait never longer than a quarter of an hour', () => {
    expect([4, 5, 6, 7, 10].map((n) => waitAfter(n, 5))).toEqual([0, 1000, 2000, 4000, 32_000]);
    expect(waitAfter(1_000_000, 5)).toBe(15 * 60_000);
  });

  it('of a megabyte are refused before anything is hashed', async () => {
    expect((await login('x'.repeat(1_000_000))).status).toBe(413);
    expect((await login('x'.repeat(10_000))).status).toBe(400);
  });
});

describe('wrong passwords behind a proxy that is trusted', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  beforeEach(async () => {
    await test.stop();
    test = await startTestArchive({ logger: log.logger, config: { trustProxy: ['127.0.0.1'] } });
    await test.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
  });

  it('keep out who sends them, and not the owner of the account who is somewhere else', async () => {
    // What a caller claims of himself stands before what the proxy saw.
    const stranger = (i: number) => from(`203.0.113.9, 198.51.100.${i + 10}, 198.51.100.7`);
    for (let i = 0; i < 4; i += 1) expect((await login('wrong', EMAIL, stranger(i))).status).toBe(401);
    for (let i = 0; i < 20; i += 1) {
      expect((await login('wrong', EMAIL, stranger(i))).status).toBe(401);
      expect((await login(PASSWORD, EMAIL, stranger(i + 1))).status).toBe(429);
      test.wait(16 * 60);
    }
    await login('wrong', EMAIL, from('198.51.100.7'));
    expect((await login(PASSWORD, EMAIL, from('203.0.113.9'))).status).toBe(200);
    const kept = await login(PASSWORD, EMAIL, from('198.51.100.7'));
    expect([kept.status, codeOf(kept)]).toEqual([429, 'too_many_attempts']);
    expect(log.text()).toContain('"address":"198.51.100.7"');
  });
});

describe('the limit on wrong passwords', () => {
  const throttle = async () => {
    const db = await openDatabase(join(testFolder(), 'a.db'));
    onTestFinished(() => db.destroy());
    let now = 0;
    const limit = createLoginThrottle(db, createGroupedWrites(db), () => now);
    return {
      limit,
      fail: async (address: string, times: number) => {
        for (let i = 0; i < times; i += 1) await limit.failed(EMAIL, address);
      },
      forward: (ms: number) => (now += ms),
    };
  };

  it('stays with the place that they come from, however many they are', async () => {
    const { limit, fail, forward } = await throttle();
    for (let day = 0; day < 30; day += 1) {
      await fail('198.51.100.7', 40);
      forward(23 * 3600_000);
    }
    await fail('198.51.100.7', 1);
    expect(await limit.waitFor(EMAIL, '198.51.100.7')).toBe(15 * 60_000);
    expect(await limit.waitFor(EMAIL, '198.51.100.8')).toBe(0);
    expect(await limit.waitFor('other@example.com', '198.51.100.8')).toBe(0);
  });

  it('is one for the account as a whole when they come from very many places', async () => {
    const { limit, fail } = await throttle();
    for (let i = 0; i < 39; i += 1) await fail(`198.51.100.${i}`, 5);
    expect(await limit.waitFor(EMAIL, '203.0.113.9')).toBe(0);
    for (let i = 0; i < 2; i += 1) await fail(`198.51.101.${i}`, 5);
    expect(await limit.waitFor(EMAIL, '203.0.113.9')).toBeGreaterThan(0);
    expect(await limit.waitFor('other@example.com', '203.0.113.9')).toBe(0);
    await limit.succeeded(EMAIL, '203.0.113.9');
    expect(await limit.waitFor(EMAIL, '203.0.113.9')).toBe(0);
  });

  it('counts a network of one household as one place', async () => {
    const { limit, fail } = await throttle();
    for (let i = 1; i < 7; i += 1) await fail(`2001:db8:0:1::${i}`, 1);
    expect(await limit.waitFor(EMAIL, '2001:db8::1:ffff:0:0:7')).toBeGreaterThan(0);
    expect(await limit.waitFor(EMAIL, '2001:db8:0:2::1')).toBe(0);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0ab::1', '2001:db8:0:ab::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['192.0.2.1:4000', 'unknown'],
    ['', 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('many log-ins at once', () => {
  it('wait in a short queue, and those beyond it are asked to come back', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => login()));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(22);
    const busy = answers.filter((answer) => answer.status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(Number(busy[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login()).status).toBe(200);
  });
});

describe('an account that is removed', () => {
  const removing = async (...emails: readonly string[]) => {
    const beside = await openMaintenance({ dataDir: test.dataDir, logger: log.logger });
    try {
      return await Promise.allSettled(emails.map((email) => beside.removeAccount(email)));
    } finally {
      await beside.close();
    }
  };
  const refusedWith = (error: object) => [{ status: 'rejected', reason: expect.objectContaining(error) }];

  it('is signed out at once, takes its unused uploads along, and leaves a line in the audit', async () => {
    const session = await signIn();
    const client = createClient(test.archive.url, session.api_token);
    await client.ticketFor(mp3());
    const bytes = mp3();
    const ticket = await client.ticketFor(bytes);
    await client.put(ticket, bytes);
    expect(await removing(EMAIL.toUpperCase())).toMatchObject([{ status: 'fulfilled' }]);
    expect(await list(session)).toBe(401);
    expect((await refresh(session)).status).toBe(401);
    expect((await login()).status).toBe(401);
    expect((await client.put(ticket, bytes)).status).toBe(404);
    expect(await test.archive.accounts.list()).toEqual([]);
    expect(storedObjects(test.dataDir).size).toBe(0);
    for (const table of ['blob', 'session']) expect(rows(test.dataDir, `select * from ${table}`)).toEqual([]);
    expect(log.audits('account_removed')).toEqual([expect.objectContaining({ user: 1, role: 'moderator' })]);
    expect(await removing(EMAIL)).toEqual(refusedWith({ code: 'account_unknown' }));

    // A new account of the same name is another one.
    await test.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
    expect((await test.archive.accounts.find(EMAIL))?.id).toBeGreaterThan(1);
  });

  it('stays, with its songs and its sessions, where it has songs', async () => {
    const session = await signIn();
    const client = createClient(test.archive.url, session.api_token);
    const song = await client.upload(mp3());
    const ticket = await client.ticketFor(mp3());
    expect(await removing(EMAIL)).toEqual(
      refusedWith({
        code: 'account_has_songs',
        message: expect.stringMatching(/has 1 song .*give it the role member/),
      }),
    );
    expect((await client.get(`/api/v1/songs/${song.id}`)).status).toBe(200);
    expect(rows(test.dataDir, 'select id from blob where id = ?', ticket.id)).toHaveLength(1);
    expect(log.audits('account_removed')).toEqual([]);
  });

  it('stays where the disk does not let go of an upload, without its other uploads, and can be removed later', async () => {
    const session = await signIn();
    const client = createClient(test.archive.url, session.api_token);
    for (const bytes of [mp3(), mp3()]) await client.put(await client.ticketFor(bytes), bytes);
    const [{ key } = { key: '' }] = rows<{ key: string }>(test.dataDir, 'select key from blob order by id');
    const path = join(test.dataDir, 'objects', key.slice(0, 2), key);
    unlinkSync(path);
    mkdirSync(path);
    for (let time = 1; time <= 2; time += 1) {
      expect(await removing(EMAIL)).toEqual(
        refusedWith({
          code: 'uploads_stuck',
          message: expect.stringMatching(/^One unused upload of .* still there.* run this again/),
        }),
      );
      expect(rows(test.dataDir, 'select key, state from blob')).toEqual([{ key, state: 'removing' }]);
      expect(await test.archive.accounts.list()).toHaveLength(1);
      expect(log.audits('object_stuck')).toHaveLength(time);
    }
    expect(log.audits('object_stuck')[0]).toMatchObject({ key, cause: expect.stringMatching(/^E/) });
    expect(await list(session)).toBe(401);
    expect(log.audits('account_removed')).toEqual([]);

    const told = { out: '', err: '' };
    const code = await serverCommand(['user', 'remove', EMAIL, '--data-dir', test.dataDir], {
      stdout: { write: (text) => (told.out += text) },
      stderr: { write: (text) => (told.err += text) },
      stdin: Readable.from([]),
      env: {},
      onSignal: () => () => undefined,
    });
    expect([code, told.out, told.err]).toEqual([1, '', expect.stringContaining('could not be removed')]);

    rmdirSync(path);
    expect(await removing(EMAIL)).toMatchObject([{ status: 'fulfilled' }]);
    expect(await test.archive.accounts.list()).toEqual([]);
    expect(rows(test.dataDir, 'select * from blob')).toEqual([]);
  });

  it('is never the last admin', async () => {
    const { accounts } = test.archive;
    for (const email of ['a@example.com', 'b@example.com']) await accounts.ensure({ email, role: 'admin' });
    expect(await removing('a@example.com', 'b@example.com')).toEqual([
      { status: 'fulfilled', value: undefined },
      ...refusedWith({ code: 'last_admin' }),
    ]);
    expect((await accounts.list()).filter(({ role }) => role === 'admin')).toHaveLength(1);
  });
});

describe('a role', () => {
  it('is not taken from the last admin', async () => {
    const { accounts } = test.archive;
    await accounts.ensure({ email: 'a@example.com', role: 'admin' });
    await accounts.ensure({ email: 'b@example.com', role: 'moderator' });
    await expect(accounts.setRole('A@example.com', 'member')).rejects.toMatchObject({ code: 'last_admin' });
    await accounts.setRole('a@example.com', 'admin');
    await accounts.setRole('b@example.com', 'admin');
    await accounts.setRole('a@example.com', 'member');
    expect((await accounts.list()).map(({ email, role }) => `${email} ${role}`)).toEqual(
      expect.arrayContaining(['a@example.com member', 'b@example.com admin']),
    );
  });
});

describe('an account', () => {
  it('is refused with a weak password, a wrong address, or when it is there already', async () => {
    const { accounts } = test.archive;
    const add = (email: string, password: string) => accounts.add({ email, password, role: 'admin' });
    await expect(add('a@b.de', 'short')).rejects.toMatchObject({ code: 'weak_password' });
    await expect(add('a@b.de', 'Password1234')).rejects.toMatchObject({ code: 'weak_password' });
    await expect(add('a@b.de', 'aaaaaaaaaaaaaaa')).rejects.toMatchObject({ code: 'weak_password' });
    await expect(add('nonsense', PASSWORD)).rejects.toMatchObject({ code: 'email_invalid' });
    await expect(add(EMAIL.toUpperCase(), PASSWORD)).rejects.toMatchObject({ code: 'account_exists' });
    await expect(accounts.setRole('no@no.de', 'admin')).rejects.toMatchObject({ code: 'account_unknown' });
    expect(() => checkNewPassword('x'.repeat(257), EMAIL)).toThrow(/256/);
    expect(await accounts.list()).toHaveLength(1);
  });

  it('gets a session from the program that the archive runs in, without a password', async () => {
    await test.archive.accounts.ensure({ email: 'owner@example.com', role: 'admin' });
    const session = await test.archive.mintSession('owner@example.com');
    expect(await list(session)).toBe(200);
    await expect(test.archive.mintSession('nobody@example.com')).rejects.toMatchObject({
      code: 'account_unknown',
    });
  });
});
