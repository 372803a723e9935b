import { describe, expect, test } from 'vitest';
import type { Session } from '../../../shared/api/auth.ts';
import { SignedOutError, UnreachableError } from '../../../src-main/engine/archive/errors.ts';
import type { ApiRequest, Http, HttpAnswer } from '../../../src-main/engine/archive/http.ts';
import { holdSession, type Credentials } from '../../../src-main/engine/archive/session.ts';
import { handClock, type HandClock } from '../../kit/clocks.ts';

const HOUR = 3_600_000;
const PASSWORD: Credentials = { kind: 'password', email: 'a@example.org', password: 'a long old password' };

/** An archive that hands out token after token, or refuses as it is told. */
const setting = (
  options: { readonly refresh?: boolean; readonly skewMs?: number; readonly lifeMs?: number } = {},
) => {
  const clock: HandClock = handClock();
  const { refresh = true, skewMs = 0, lifeMs = HOUR } = options;
  const asked: string[] = [];
  let refusal: { readonly path: string; readonly status: number } | undefined;
  let broken = false;
  let made = 0;
  const session = (): Session => ({
    api_token: `token-${(made += 1)}`,
    expires_at: new Date(clock.now() + skewMs + lifeMs).toISOString(),
    user: { id: 1, email: 'a@example.org' },
    ...(refresh ? { refresh_token: `refresh-${made}` } : {}),
  });
  const api = async ({ url, json }: ApiRequest): Promise<HttpAnswer> => {
    const path = url.slice(url.lastIndexOf('/') + 1);
    asked.push(path === 'refresh' ? `refresh ${(json as { refresh_token: string }).refresh_token}` : path);
    await new Promise((resolve) => setImmediate(resolve));
    if (broken) throw new UnreachableError('http://there', 'nothing listens there');
    const status =
      refusal !== undefined && (refusal.path === path || refusal.path === 'any') ? refusal.status : 200;
    return { status, headers: {}, body: status === 200 ? JSON.stringify(session()) : '{"error":"no"}' };
  };
  const http = { api } as unknown as Http;
  const holder = (credentials: Credentials = PASSWORD) =>
    holdSession(http, 'http://there', credentials, session(), clock);
  return {
    clock,
    asked,
    holder,
    session,
    refuse: (path: string, status: number) => void (refusal = { path, status }),
    breakLine: (is: boolean) => void (broken = is),
  };
};

describe('a session', () => {
  test('is used until four fifths of its life are over, and refreshed then', async () => {
    const { clock, asked, holder } = setting();
    const held = holder();
    clock.advance(0.8 * HOUR - 1);
    expect(await held.token()).toBe('token-1');
    expect(asked).toEqual([]);
    clock.advance(1);
    expect(await held.token()).toBe('token-2');
    expect(asked).toEqual(['refresh refresh-1']);
    expect(await held.token()).toBe('token-2');
    clock.advance(0.8 * HOUR);
    expect(await held.token()).toBe('token-3');
    expect(asked).toEqual(['refresh refresh-1', 'refresh refresh-2']);
  });

  test('is renewed once, however many ask at the same time', async () => {
    const { clock, asked, holder } = setting();
    const held = holder();
    const renewed = await Promise.all(Array.from({ length: 50 }, () => held.renew('token-1')));
    expect(new Set(renewed)).toEqual(new Set(['token-2']));
    clock.advance(HOUR);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => held.token()));
    expect(new Set(tokens)).toEqual(new Set(['token-3']));
    expect(asked).toHaveLength(2);
  });

  test('is not renewed for a token that was renewed meanwhile', async () => {
    const { asked, holder } = setting();
    const held = holder();
    await held.renew('token-1');
    expect(await held.renew('token-1')).toBe('token-2');
    expect(asked).toHaveLength(1);
  });

  test.each([400, 401, 403, 404])(
    'whose refresh is answered with %i begins anew with the password',
    async (status) => {
      const { asked, holder, refuse } = setting();
      refuse('refresh', status);
      expect(await holder().renew('token-1')).toBe('token-2');
      expect(asked).toEqual(['refresh refresh-1', 'login']);
    },
  );

  test('without a refresh token begins anew with the password', async () => {
    const { asked, holder } = setting({ refresh: false });
    expect(await holder().renew('token-1')).toBe('token-2');
    expect(asked).toEqual(['login']);
  });

  test.each([400, 401, 403, 404])(
    'that nothing can renew any more (%i) is signed out, and says so without the password',
    async (status) => {
      const { holder, refuse, asked } = setting();
      refuse('any', status);
      const error: unknown = await holder()
        .renew('token-1')
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SignedOutError);
      expect(String(error)).not.toContain('a long old password');
      expect(asked).toEqual(['refresh refresh-1', 'login']);
    },
  );

  test.each([429, 503])('that an archive is too busy to renew (%i) is not signed out', async (status) => {
    const { holder, refuse, asked } = setting();
    refuse('any', status);
    const held = holder();
    await expect(held.renew('token-1')).rejects.toMatchObject({ status });
    expect(asked).toEqual(['refresh refresh-1']);
    refuse('none', 0);
    expect(await held.renew('token-1')).toBe('token-2');
  });

  test('is not given up because the line is broken, or the archive: the next who asks tries again', async () => {
    const { holder, breakLine, refuse } = setting();
    const held = holder();
    breakLine(true);
    await expect(held.renew('token-1')).rejects.toThrow(UnreachableError);
    breakLine(false);
    refuse('any', 502);
    await expect(held.renew('token-1')).rejects.toMatchObject({ status: 502 });
    refuse('none', 0);
    expect(await held.renew('token-1')).toBe('token-2');
  });

  test('of an archive in this program is minted anew', async () => {
    const { holder, refuse, session, asked } = setting();
    refuse('any', 401);
    const held = holder({ kind: 'mint', mint: async () => session() });
    expect(await held.renew('token-1')).toBe('token-2');
    expect(asked).toEqual(['refresh refresh-1']);
  });

  test.each([-3 * 86_400_000, 3 * 86_400_000])(
    'is not renewed all the time because one clock is off by %i ms',
    async (skewMs) => {
      const { clock, asked, holder } = setting({ skewMs });
      const held = holder();
      for (let minute = 0; minute < 47; minute += 1) {
        clock.advance(60_000);
        await held.token();
      }
      expect(asked).toEqual([]);
      clock.advance(60_000);
      await held.token();
      expect(asked).toHaveLength(1);
    },
  );

  test('lives as long as it should though the wall clock is put back in mid-run', async () => {
    const { clock, asked, holder } = setting();
    const held = holder();
    clock.putWallClock(-2 * 86_400_000);
    clock.advance(0.8 * HOUR);
    await held.token();
    expect(asked).toHaveLength(1);
  });
});
