import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnostics, type DiagnosticFacts } from '../../src-main/desktop/log/diagnostics.ts';
import { openLog } from '../../src-main/desktop/log/log.ts';
import { withoutPerson, withoutSecrets } from '../../src-main/desktop/log/redact.ts';
import { DEFAULT_PREFERENCES } from '../../src-main/desktop/preferences.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { standingOf, stateOf } from '../kit/page-states.ts';
import { testFolder } from '../kit/test-folder.ts';

const TOKEN = 'hV3_xk9PqLmN0aBcDeFgHiJkLmNoPqRsTuVwXyZ0123';

describe('what a log may not hold', () => {
  test.each([
    ['a bearer token', `Authorization: Bearer ${TOKEN}`],
    ['a token in JSON', `{"api_token":"short-one-7","refresh_token": "other-9"}`],
    ['a password in a form', 'email=a&password=hunter2-short-one-7 other-9'],
    ['a signed address', 'PUT https://store.example/u/1?sig=short-one-7&exp=other-9 failed'],
    ['a name and password in an address', 'https://anna:short-one-7@store.example/'],
    ['a token with nothing around it', `refused: ${TOKEN}`],
    ['a cookie', 'Cookie: session=short-one-7'],
  ])('%s', (_what, text) => {
    // The second word of the form is none of its password.
    const secrets = [TOKEN, 'short-one-7', ...(text.startsWith('email=') ? [] : ['other-9'])];
    expect(text).toMatch(new RegExp(secrets.join('|')));
    const left = withoutSecrets(text);
    expect({ left, secrets: secrets.filter((secret) => left.includes(secret)) }).toEqual({
      left,
      secrets: [],
    });
  });

  test('and what it keeps, for it helps', () => {
    for (const text of [
      'The archive at https://archive.example:8080 cannot be reached (ECONNREFUSED).',
      'at openLedger (/opt/Ledgerline/resources/app.asar/out/main/main.js:120:7)',
      'wrong_password: The archive does not accept this e-mail and password (…).',
      'PUT https://store.example/u/1 422',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });

  test('for others to read: also who it is about', () => {
    expect(withoutPerson('anna.b+x@mail.example.org opened /people/anna/Music/a.flac', '/people/anna')).toBe(
      '…@… opened ~/Music/a.flac',
    );
  });
});

describe('the log', () => {
  test('has one line for each thing, with its time and weight, and no secrets', () => {
    const folder = testFolder('log');
    const log = openLog(folder);
    log.info('Ledgerline 0.1.0 starts.');
    log.warn(`Somebody said Bearer ${TOKEN}`);
    log.fault(new Error('outer', { cause: new Error(`password=${TOKEN}`) }));
    const text = readFileSync(log.path, 'utf8');
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\S* info Ledgerline 0\.1\.0 starts\.$/m);
    expect(text).toMatch(/ error Error: outer/);
    expect(text).toMatch(/caused by Error: password=…/);
    expect(text).not.toContain(TOKEN);
    const rights = process.platform === 'win32' ? 0o600 : statSync(log.path).mode & 0o777;
    expect(rights).toBe(0o600);
  });

  test('never grows over its size, and still tells the last lines', () => {
    const folder = testFolder('log');
    const log = openLog(folder, 4_000);
    for (let i = 0; i < 500; i += 1) log.info(`line ${i}`);
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(4_200);
    const last = log.lastLines(50);
    expect(last).toHaveLength(50);
    expect([last[0], last.at(-1)]).toEqual([
      expect.stringMatching(/line 450$/),
      expect.stringMatching(/line 499$/),
    ]);
  });
});

describe('diagnostics', () => {
  const facts: DiagnosticFacts = {
    versions: { Ledgerline: '0.1.0', Electron: '45.4.1' },
    system: 'linux 6.1 x64',
    locale: 'de-DE',
    isPackaged: false,
    updates: 'off',
    secrets: 'system',
    preferences: {
      ...DEFAULT_PREFERENCES,
      bounds: { x: 1, y: 2, width: 333, height: 4, maximized: false },
    },
    state: stateOf({
      standing: standingOf({ archived: 12_345, failed: 3 }),
      settings: {
        ...DEFAULT_SETTINGS,
        exclusions: ['private/'],
        archive: {
          kind: 'server',
          url: 'https://archive.example.org',
          email: 'anna@example.org',
          identity: 'x',
        },
      },
      trouble: { code: 'signed_out', message: 'Please sign in again, anna@example.org.' },
    }),
    log: [
      ...Array.from({ length: 60 }, (_, i) => `line ${i}`),
      `Bearer ${TOKEN} of anna@example.org in /people/anna/x`,
    ],
    home: '/people/anna',
  };

  test('tell versions, numbers, settings and the last lines', () => {
    const text = diagnostics(facts);
    expect(text).toMatch(/^Ledgerline 0\.1\.0\nElectron 45\.4\.1\nlinux 6\.1 x64, de-DE, from its sources\n/);
    expect(text).toContain('"archived":12345');
    expect(text).toContain('Trouble: signed_out');
    expect(text).toContain('"exclusions":1');
    expect(text).toContain('Archive: on a server');
    expect(text).not.toContain('line 10\n');
    expect(text).toContain('line 11\n');
  });

  test('tell no secret, no name, no address and no folder of a person', () => {
    const text = diagnostics(facts);
    for (const secret of [TOKEN, 'anna', 'archive.example.org', '/music', 'private/', '333'])
      expect(text).not.toContain(secret);
  });

  test('can be had while the engine is away', () => {
    expect(diagnostics({ ...facts, state: undefined })).toContain('The engine is away.');
  });
});
