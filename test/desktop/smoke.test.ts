import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { _electron } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { installedElectron, whyNoWindow } from '../../scripts/lib/electron.mjs';
import { buildDesktop } from '../kit/built-desktop.ts';
import { testFolder } from '../kit/test-folder.ts';
import { ROOT } from '../structure/tracked.ts';

test(
  'in Electron itself the window opens on the page, which has no Node',
  { timeout: 120_000 },
  async (context) => {
    const electron = installedElectron(ROOT, process.env);
    if (electron === undefined) return context.skip('Electron’s binary is not here');
    const why = whyNoWindow({ env: process.env, platform: process.platform, uid: process.getuid?.() });
    if (why !== undefined) return context.skip(why);
    const built = await buildDesktop();
    onTestFinished(built.remove);
    const folder = dirname(built.folder);
    writeFileSync(
      join(folder, 'package.json'),
      '{ "name": "ledgerline", "type": "module", "main": "out/main/main.js" }',
    );
    const app = await _electron.launch({
      executablePath: electron,
      args: [folder],
      env: { ...(process.env as Record<string, string>), LEDGERLINE_DATA: testFolder('data') },
    });
    onTestFinished(() => app.close());
    const page = await app.firstWindow();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(page.url()).protocol).toBe('app:');
    expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ]);
  },
);
