import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Session, sessionSchema } from '../../shared/api/auth.ts';
import { checkNewPassword } from '../../server/accounts/password-rules.ts';
import { waitAfter } from '../../server/accounts/throttle.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Answer, codeOf, createClient } from './support/client.ts';
import { createTestLog } from './support/log.ts';
import { rows } from './support/look.ts';

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
    expect((await login('x'.repeat(1_000_000))).status).toBe(400);
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
