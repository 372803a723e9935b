import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';
import { ROOT, trackedFiles } from '../structure/tracked.ts';

const config = () => getConfig(ROOT, 'electron-builder.yml', null);
const check = async (changed: object): Promise<void> =>
  validateConfiguration({ ...(await config()), ...changed }, new DebugLogger(false));

describe('electron-builder.yml', () => {
  test('is what electron-builder understands', async () => {
    await expect(check({})).resolves.toBeUndefined();
  });

  test.each([{ asarUnpak: true }, { mac: { hardendRuntime: true } }, { electronFuses: { runAsNod: false } }])(
    'with a key that it does not know is refused: %o',
    async (changed) => {
      await expect(check(changed)).rejects.toThrow(/configuration/);
    },
  );

  test('makes a package for each way to install', async () => {
    expect(await config()).toMatchObject({
      linux: { target: ['AppImage', 'deb', 'rpm'] },
      mac: { target: ['dmg', 'zip'] },
      win: { target: 'nsis' },
    });
  });

  test('closes every door by which another program could make ours do its work', async () => {
    expect((await config()).electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    // Without an archive neither its integrity nor where code comes from could be held.
    expect((await config()).asar).toBe(true);
  });

  test('lets nothing be put into the program on macOS but what Chromium needs', () => {
    const plist = readFileSync(join(ROOT, 'build', 'entitlements.mac.plist'), 'utf8');
    expect([...plist.matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
    ]);
  });

  test('names no host and no secret: both come from who makes the release', async () => {
    const { publish } = await config();
    expect(publish).toEqual({ provider: 'generic', url: '${env.LEDGERLINE_UPDATES_URL}' });
    const text = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
    expect(text).not.toMatch(/https?:|password|token|certificate/i);
  });
});

describe('our own code', () => {
  test('turns no switch that would let somebody in again', () => {
    const doors =
      /--inspect|--remote-debugging|ELECTRON_RUN_AS_NODE|NODE_OPTIONS|--no-sandbox|--disable-web-security|appendSwitch|ignore-certificate-errors|setCertificateVerifyProc|allowDowngrade\s*=\s*true/;
    const found = trackedFiles()
      .filter((path) => /^(?:src-main|src-renderer|shared|server)\//.test(path))
      .filter((path) => doors.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(found).toEqual([]);
    expect('app.commandLine.appendSwitch("x")').toMatch(doors);
  });
});
