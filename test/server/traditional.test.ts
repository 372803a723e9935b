import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { songAnswerSchema } from '../../shared/api/songs.ts';
import { md5Of, mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Answer, codeOf, readAnswer } from './support/client.ts';
import { waitFor } from '../kit/wait-for.ts';
import { rows, storedObjects, tempFiles } from './support/look.ts';
import { rawRequest } from './support/raw.ts';

const LIMIT = 200_000;
let test: TestArchive;
let token: string;
beforeAll(async () => {
  test = await startTestArchive({ config: { maxByteSize: LIMIT } });
  token = await test.tokenOf('mod@example.com');
});
afterAll(() => test.stop());

const send = async (form: FormData): Promise<Answer> =>
  readAnswer(
    await fetch(`${test.archive.url}/api/v1/songs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    }),
  );
const fileOf = (bytes: Buffer, name = 'song.mp3', type = 'audio/mpeg'): File =>
  new File([new Uint8Array(bytes)], name, { type });
const form = (...parts: readonly (readonly [string, string | File])[]): FormData => {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return data;
};
/** Nothing of a refused upload is left: neither bytes nor a row. */
const nothingAdded = async (work: () => Promise<void>): Promise<void> => {
  const count = () => [storedObjects(test.dataDir).size, rows(test.dataDir, 'select id from blob').length];
  const before = count();
  await work();
  expect(count()).toEqual(before);
  expect(tempFiles(test.dataDir)).toEqual([]);
};

describe('a file sent through the server', () => {
  it('becomes a song with the checksums and tags that came before or after it', async () => {
    for (const order of [0, 1]) {
      const bytes = mp3();
      const fields = [
        ['metadata', JSON.stringify({ title: 'Grüße', year: 2001 })],
        ['sha256', sha256Of(bytes)],
        ['checksum', md5Of(bytes)],
      ] as const;
      const file = ['file', fileOf(bytes, 'Grüße.mp3')] as const;
      const answer = await send(order === 0 ? form(file, ...fields) : form(...fields, file));
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        song: {
          title: 'Grüße',
          year: 2001,
          original_filename: 'Grüße.mp3',
          sha256: sha256Of(bytes),
          checksum: md5Of(bytes),
          byte_size: bytes.length,
        },
      });
    }
  });

  it('twice is one song', async () => {
    const bytes = mp3();
    const first = await send(form(['file', fileOf(bytes)]));
    const again = await send(form(['file', fileOf(bytes, 'other.mp3', 'application/octet-stream')]));
    expect([first.status, again.status]).toEqual([201, 200]);
    // What its tags tell may have been read meanwhile.
    const asGiven = ({ body }: Answer) => {
      const { id, sha256, original_filename, content_type, created_at } = songAnswerSchema.parse(body).song;
      return { id, sha256, original_filename, content_type, created_at };
    };
    expect(asGiven(again)).toEqual(asGiven(first));
  });

  it('may have a name of which nothing can be seen', async () => {
    const answer = await send(form(['file', fileOf(mp3(), ' .mp3')]));
    expect([answer.status, answer.body]).toEqual([
      201,
      { song: expect.objectContaining({ original_filename: 'untitled.mp3' }) },
    ]);
  });

  it('may be exactly as large as the limit', async () => {
    const bytes = Buffer.concat([mp3(), Buffer.alloc(LIMIT)]).subarray(0, LIMIT);
    expect((await send(form(['file', fileOf(bytes)]))).status).toBe(201);
  });
});

describe('a form that is refused leaves nothing', () => {
  it('over the limit: 413, never a song that is cut off', () =>
    nothingAdded(async () => {
      const answer = await send(form(['file', fileOf(Buffer.concat([mp3(), Buffer.alloc(LIMIT)]))]));
      expect([answer.status, codeOf(answer)]).toEqual([413, 'too_large']);
    }));

  it('with a name that is too long', () =>
    nothingAdded(async () => {
      for (const length of [1025, 5000]) {
        const answer = await send(form(['file', fileOf(mp3(), `${'a'.repeat(length - 4)}.mp3`)]));
        expect([answer.status, answer.body]).toEqual([
          400,
          expect.objectContaining({ detail: 'The name of the file has more than 1024 characters.' }),
        ]);
      }
    }));

  it('that is JSON', () =>
    nothingAdded(async () => {
      const answer = await fetch(`${test.archive.url}/api/v1/songs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(answer.status).toBe(415);
      expect(await answer.text()).toContain('multipart/form-data');
    }));

  it('with two files', () =>
    nothingAdded(async () => {
      const answer = await send(form(['file', fileOf(mp3())], ['file', fileOf(mp3())]));
      expect([answer.status, codeOf(answer)]).toEqual([413, 'too_large']);
    }));

  it('with a thousand parts, or ten thousand fields', () =>
    nothingAdded(async () => {
      const parts = Array.from({ length: 1001 }, () => ['sha256', 'x'] as const);
      const many = await send(form(['file', fileOf(mp3())], ...parts));
      expect([400, 413]).toContain(many.status);
      const fields = Array.from({ length: 10_000 }, (_, i) => [`f${i}`, 'x'] as const);
      expect([400, 413]).toContain((await send(form(...fields))).status);
    }));

  it.each([
    [
      'a wrong SHA-256 before the file',
      (b: Buffer) => [
        ['sha256', sha256Of(mp3())],
        ['file', fileOf(b)],
      ],
      422,
    ],
    [
      'a wrong SHA-256 behind the file',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['sha256', sha256Of(mp3())],
      ],
      422,
    ],
    [
      'a wrong MD5',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['checksum', md5Of(mp3())],
      ],
      422,
    ],
    [
      'a checksum that is none',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['sha256', 'x'],
      ],
      400,
    ],
    [
      'tags that are no JSON',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['metadata', '{'],
      ],
      400,
    ],
    [
      'tags that are not known',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['metadata', '{"role":"admin"}'],
      ],
      400,
    ],
    [
      'an unknown field',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['state', 'uploaded'],
      ],
      400,
    ],
    [
      'a field named __proto__',
      (b: Buffer) => [
        ['file', fileOf(b)],
        ['__proto__', 'x'],
      ],
      400,
    ],
    [
      'a field twice',
      () => [
        ['checksum', md5Of(mp3())],
        ['checksum', md5Of(mp3())],
      ],
      400,
    ],
    ['a file part of another name', (b: Buffer) => [['picture', fileOf(b)]], 400],
    ['no file', () => [['metadata', '{}']], 400],
    ['a page instead of audio', () => [['file', fileOf(Buffer.from('<html></html>'))]], 422],
    ['a program', (b: Buffer) => [['file', fileOf(b, 'a.exe')]], 422],
    ['an empty file', () => [['file', fileOf(Buffer.alloc(0))]], 422],
  ] as readonly (readonly [
    string,
    (bytes: Buffer) => readonly (readonly [string, string | File])[],
    number,
  ])[])('with %s', (_name, parts, status) =>
    nothingAdded(async () => {
      const answer = await send(form(...parts(mp3())));
      expect([answer.status, typeof codeOf(answer)]).toEqual([status, 'string']);
    }),
  );

  it('that breaks off without its end', () =>
    nothingAdded(async () => {
      const head =
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n';
      for (const body of [head + mp3().toString('latin1'), head, '--b\r\nContent-Dispo', 'nonsense']) {
        const answer = await rawRequest(`${test.archive.url}/api/v1/songs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' },
          body: Buffer.from(body, 'latin1'),
        });
        expect(answer.status).toBe(400);
      }
    }));

  it('without a boundary, or as JSON', () =>
    nothingAdded(async () => {
      for (const type of ['multipart/form-data', 'application/json']) {
        const answer = await rawRequest(`${test.archive.url}/api/v1/songs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
          body: '{}',
        });
        expect([400, 415]).toContain(answer.status);
      }
    }));

  it('whose sender goes away, fifty times', async () => {
    const { hostname, port } = new URL(test.archive.url);
    // Where the system does not list them, there is nothing to compare.
    const openFiles = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);
    const before = openFiles();
    for (let i = 0; i < 50; i += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        `POST /api/v1/songs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
          'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n' +
          '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n',
      );
      socket.write(mp3());
      await sleep(4);
      socket.destroy();
    }
    await waitFor(
      'the rows of broken uploads to go',
      () => rows(test.dataDir, "select id from blob where state != 'recorded'").length === 0,
    );
    expect(tempFiles(test.dataDir)).toEqual([]);
    expect(openFiles()).toBeLessThan(before + 20);
  });
});
