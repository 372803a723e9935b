import { describe, expect, onTestFinished, test } from 'vitest';
import { isNewer, updatePolicy, type UpdatePolicy } from '../../src-main/desktop/updates/policy.ts';
import {
  createUpdates,
  updateItem,
  type Updater,
  type UpdateStanding,
  updateWords,
} from '../../src-main/desktop/updates/updates.ts';
import { handClock } from '../kit/clocks.ts';

const SIGNED = 'provider: github\nowner: x\npublisherName:\n  - CN=Ledgerline\nupdaterCacheDirName: x\n';
const UNSIGNED = 'provider: github\nowner: x\nupdaterCacheDirName: x\n';

describe('whether there are updates', () => {
  test.each([
    ['a signed build on Windows', 'win32', SIGNED, 'on'],
    ['a signed build on Windows that names one publisher', 'win32', 'publisherName: CN=x\n', 'on'],
    ['an unsigned build on Windows', 'win32', UNSIGNED, /not signed/],
    ['a build on Windows with an empty publisher', 'win32', 'publisherName:\nprovider: x\n', /not signed/],
    ['a build on Windows with no publisher in the list', 'win32', 'publisherName: []\n', /not signed/],
    ['a published build on macOS', 'darwin', UNSIGNED, 'on'],
    ['a build that was not published', 'darwin', undefined, /does not say where/],
    ['a package on Linux', 'linux', SIGNED, /new packages/],
  ] as const)('%s', (_what, platform, updateConfig, expected) => {
    const policy = updatePolicy({ isPackaged: true, platform, updateConfig });
    expect('reason' in policy ? policy.reason : policy.kind).toMatch(expected);
  });

  test('none where it runs from its sources, whatever else is true', () => {
    for (const platform of ['win32', 'darwin', 'linux'] as const)
      expect(updatePolicy({ isPackaged: false, platform, updateConfig: SIGNED })).toMatchObject({
        kind: 'off',
        reason: expect.stringMatching(/sources/),
      });
  });
});

describe('a version', () => {
  test.each([
    ['1.2.4', '1.2.3', true],
    ['1.10.0', '1.9.9', true],
    ['2.0.0', '1.99.99', true],
    ['1.2.3', '1.2.3-beta.1', true],
    ['1.2.3', '1.2.3', false],
    ['1.2.2', '1.2.3', false],
    ['0.9.0', '1.0.0', false],
    ['1.3.0-beta', '1.2.0', false],
    ['v1.3.0', '1.2.0', false],
    ['1.3', '1.2.0', false],
    ['9'.repeat(30) + '.0.0', '1.2.0', false],
    ['', '1.2.0', false],
  ])('%s in place of %s: %s', (offered, current, expected) => {
    expect(isNewer(offered, current)).toBe(expected);
  });
});

/** As much of electron-updater as is used; the real one needs a signed program and its server. */
const world = (offers: string | Error, policy: UpdatePolicy = { kind: 'on' }) => {
  const clock = handClock();
  const changes: UpdateStanding[] = [];
  const faults: unknown[] = [];
  let made = 0;
  let downloads = 0;
  let landed: (info: { readonly version: string }) => void = () => undefined;
  const updater = {
    autoDownload: true,
    autoInstallOnAppQuit: false,
    allowDowngrade: true,
    allowPrerelease: true,
    checkForUpdates: async () => {
      if (offers instanceof Error) throw offers;
      return { updateInfo: { version: offers } };
    },
    downloadUpdate: async () => {
      downloads += 1;
      landed({ version: String(offers) });
      return [];
    },
    on: (_event: string, listener: typeof landed) => void (landed = listener),
  };
  const updates = createUpdates({
    policy,
    version: '1.2.3',
    updater: async () => {
      made += 1;
      return updater as unknown as Updater;
    },
    clock,
    onChange: (standing) => void changes.push(standing),
    onFault: (error) => void faults.push(error),
  });
  onTestFinished(() => updates.close());
  return { clock, updates, updater, changes, faults, made: () => made, downloads: () => downloads };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('updates', () => {
  test('are looked for by itself, fetched, and installed when the program is quit', async () => {
    const { clock, changes, updater, downloads } = world('1.3.0');
    expect(changes).toEqual([]);
    clock.advance(60_000);
    await settle();
    expect(changes.map(({ kind }) => kind)).toEqual(['checking', 'fetching', 'ready']);
    expect(updater).toMatchObject({
      autoDownload: false,
      autoInstallOnAppQuit: true,
      allowDowngrade: false,
      allowPrerelease: false,
    });
    clock.advance(24 * 3_600_000);
    await settle();
    expect(downloads()).toBe(1);
  });

  test.each(['1.2.3', '1.2.2', '1.4.0-beta.1', 'newest'])('to %s are refused', async (version) => {
    const { updates, downloads } = world(version);
    await updates.check();
    expect([downloads(), updates.standing()]).toEqual([0, { kind: 'newest' }]);
  });

  test('that cannot be looked up are told in words, and the log learns why', async () => {
    const { updates, faults } = world(new Error('net::ERR_INTERNET_DISCONNECTED'));
    await updates.check();
    expect(updates.standing()).toMatchObject({ kind: 'failed' });
    expect(updateWords(updates.standing())).toMatch(/could not be looked up/);
    expect(faults).toHaveLength(1);
    await updates.check();
    expect(faults).toHaveLength(2);
  });

  test('that are off touch nothing of the updater, and say why', async () => {
    const { clock, updates, made, changes } = world('1.3.0', {
      kind: 'off',
      reason: 'This build is not signed.',
    });
    clock.advance(48 * 3_600_000);
    await updates.check();
    await settle();
    expect([made(), changes]).toEqual([0, []]);
    expect(updateWords(updates.standing())).toBe('This build is not signed.');
    expect(updateItem(updates.standing()).enabled).toBe(true);
  });
});
