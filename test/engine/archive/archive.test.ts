import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAnswer, retryAfterMs } from '../../../src-main/engine/archive/answers.ts';
import { createBatcher } from '../../../src-main/engine/archive/batcher.ts';
import { isInClear, originOf } from '../../../src-main/engine/archive/connect.ts';
import {
  NotAnArchiveError,
  RefusedError,
  UnsafeAddressError,
} from '../../../src-main/engine/archive/errors.ts';
import { checkedUploadHeaders, checkedUploadUrl } from '../../../src-main/engine/archive/upload-address.ts';

describe('an upload address', () => {
  const http = 'http://music.example:4000';
  const https = 'https://music.example';
  test.each([
    [http, 'http://music.example:4000/api/v1/storage/x'],
    [http, 'http://192.168.1.20/x'],
    [http, 'https://bucket.s3.amazonaws.com/x?sig=1'],
    [https, 'https://storage.googleapis.com/x'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:9000/x'],
    ['http://localhost:4000', 'http://[::1]:9000/x'],
  ])('from %s to %s is used as it is', (api, address) => {
    expect(checkedUploadUrl(address, api).href).toBe(address);
  });

  test.each([
    [https, 'http://music.example/x'],
    [http, 'file:///etc/passwd'],
    [http, 'ftp://music.example/x'],
    [http, 'not an address'],
    [http, '/relative'],
    [http, 'http://169.254.169.254/latest/meta-data'],
    [http, 'http://2852039166/'],
    [http, 'http://0xa9.0xfe.0xa9.0xfe/'],
    [http, 'http://[::ffff:169.254.169.254]/'],
    [http, 'http://[fe80::1]/'],
    [http, 'http://[fd00:ec2::254]/'],
    [http, 'http://127.0.0.1:9000/x'],
    [http, 'http://127.1/x'],
    [http, 'http://localhost/x'],
    [http, 'http://localhost./x'],
    [http, 'http://x.localhost/x'],
    [http, 'http://[::1]/x'],
    [http, 'http://[::ffff:127.0.0.1]/x'],
    [http, 'http://0.0.0.0/x'],
    [http, 'http://[::]/x'],
  ])('from %s to %s is refused', (api, address) => {
    expect(() => checkedUploadUrl(address, api)).toThrow(UnsafeAddressError);
  });
});

test.each([
  ['music.example', 'https://music.example'],
  ['music.example:4000/', 'https://music.example:4000'],
  ['192.168.1.7', 'https://192.168.1.7'],
  ['127.evil.example', 'https://127.evil.example'],
  ['localhost:3000', 'http://localhost:3000'],
  ['127.0.0.1:3000/api/v1', 'http://127.0.0.1:3000'],
  ['[::1]:3000', 'http://[::1]:3000'],
  ['http://music.example:3000', 'http://music.example:3000'],
  ['https://music.example/api/v1/', 'https://music.example'],
])('the address %s is taken as %s', (told, origin) => {
  expect(originOf(told)).toBe(origin);
});

test.each([
  ['http://music.example', true],
  ['http://192.168.1.7:3000', true],
  ['https://music.example', false],
  ['http://localhost:3000', false],
  ['http://127.0.0.1:3000', false],
])('that all goes in clear to another computer at %s is %j', (origin, inClear) => {
  expect(isInClear(origin)).toBe(inClear);
});

test.each([
  'ftp://music.example',
  'http://',
  'http://exa mple',
  'file:///music',
  'https://music.example/music',
  'https://music.example/?x=1',
  'https://music.example/#songs',
  'https://me:secret@music.example',
])('%s is no address of an archive', (told) => {
  expect(() => originOf(told)).toThrow(NotAnArchiveError);
});

test.each<[string | readonly string[] | undefined, number | undefined]>([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['soon', undefined],
  ['-5', 0],
  [undefined, undefined],
  [['1', '2'], undefined],
])('Retry-After %j is %j ms', (header, milliseconds) => {
  const told = retryAfterMs(header, Date.UTC(2026, 9, 21, 7, 28, 0));
  // A number below 0 may be read as a date of long ago: never as a time to come.
  expect(header === '-5' ? (told ?? 0) : told).toBe(milliseconds);
});

describe('an answer', () => {
  const schema = z.object({ song: z.object({ id: z.int() }) });
  const read = (status: number, body: string, headers: Record<string, string> = {}) =>
    readAnswer('http://there', { status, body, headers }, schema);

  test('that worked and has the shape is what it says, whatever else it says', () => {
    expect(read(201, '{"song":{"id":7,"new":1},"more":2}')).toEqual({ song: { id: 7 } });
  });

  test.each([
    ['a page', 200, '<html>Welcome</html>', 'text/html'],
    ['nothing', 204, '', ''],
    ['JSON of another shape', 200, '{"ok":true}', 'application/json'],
    ['an id as text', 200, '{"song":{"id":"7"}}', 'application/json'],
    ['a way to elsewhere', 302, '', 'text/html'],
  ])('with success that is %s is not from an archive', (_what, status, body, type) => {
    expect(() =>
      read(status, body, { 'content-type': type, location: 'http://portal.invalid/secret?x=1' }),
    ).toThrow(NotAnArchiveError);
  });

  test('that sends elsewhere is told with the place, and without what follows it', () => {
    expect(() => read(302, '', { location: 'http://portal.invalid/secret?x=1' })).toThrow(
      /http:\/\/portal\.invalid;/,
    );
  });

  test.each<[string, number, string, object]>([
    [
      'a problem of ours',
      409,
      '{"code":"not_uploaded","detail":"send first","error":"send first"}',
      { code: 'not_uploaded', message: 'send first' },
    ],
    ['an error of Rails', 422, `{"error":"can't be blank"}`, { code: 'http_422', message: "can't be blank" }],
    ['a bodiless 404', 404, '', { code: 'http_404', message: 'the archive answered 404' }],
    ['a page with 500', 500, '<html>', { code: 'http_500' }],
    ['JSON of no object', 500, '[1]', { code: 'http_500' }],
  ])('that refuses as %s keeps its code and words', (_what, status, body, told) => {
    const error = ((): unknown => {
      try {
        return read(status, body, { 'retry-after': '3' });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ status, retryAfter: 3_000, ...told });
  });
});

test.each(['Host', 'connection', 'Transfer-Encoding', 'Cookie', 'Expect', 'proxy-authorization'])(
  'a ticket that sets the header %s is not followed',
  (name) => {
    expect(() => checkedUploadHeaders({ 'Content-Type': 'audio/mpeg', [name]: 'x' })).toThrow(
      UnsafeAddressError,
    );
  },
);

test('the headers that storages sign go as they are', () => {
  const headers = {
    'Content-Type': 'audio/mpeg',
    'Content-MD5': 'x==',
    'x-goog-meta-a': '1',
    'Content-Disposition': 'inline',
  };
  expect(checkedUploadHeaders(headers)).toBe(headers);
});

describe('requests gathered into batches', () => {
  const create = (answer: (items: readonly number[]) => Promise<readonly string[]>, items = 3) => {
    const sent: (readonly number[])[] = [];
    const ask = createBatcher<number, string>(
      (batch) => {
        sent.push(batch);
        return answer(batch);
      },
      { items, waitMs: 5 },
    );
    return { ask, sent };
  };
  const names = async (items: readonly number[]): Promise<readonly string[]> => items.map((n) => `n${n}`);

  test('go in batches of at most the limit, and each gets its own result', async () => {
    const { ask, sent } = create(names);
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask))).toEqual([
      'n1',
      'n2',
      'n3',
      'n4',
      'n5',
      'n6',
      'n7',
    ]);
    expect(sent).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test('a lone one does not wait for company for ever', async () => {
    const { ask, sent } = create(names);
    expect(await ask(1)).toBe('n1');
    expect(await ask(2)).toBe('n2');
    expect(sent).toEqual([[1], [2]]);
  });

  test('when the batch fails, each of its callers is told, and the next batch goes', async () => {
    let broken = true;
    const { ask } = create(async (items) => {
      if (broken) throw new Error('line cut');
      return names(items);
    });
    const outcomes = await Promise.allSettled([ask(1), ask(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await ask(3)).toBe('n3');
  });

  test('a slow batch does not hold up the next', async () => {
    const { ask } = create(async (items) => {
      if (items.includes(1)) await sleep(300);
      return names(items);
    }, 1);
    const slow = ask(1);
    let slowIsDone = false;
    void slow.then(() => (slowIsDone = true));
    expect(await ask(2)).toBe('n2');
    expect(slowIsDone).toBe(false);
    expect(await slow).toBe('n1');
  });
});
