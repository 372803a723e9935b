import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askSessionBus, createTrayHost } from '../../src-main/desktop/tray/host.ts';
import { testFolder } from '../kit/test-folder.ts';

const YES = '   variant       boolean true\n';
const NO = '   variant       boolean false\n';

/** Time passes only by sleeping. */
const sleeper = () => {
  let now = 0;
  return { monotonic: () => now, sleep: async (ms: number) => void (now += ms) };
};

const hostOf = (answers: readonly (string | Error)[], platform: NodeJS.Platform = 'linux') => {
  let asked = 0;
  const host = createTrayHost({
    platform,
    clock: sleeper(),
    ask: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? new Error('nobody');
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { host, asked: () => asked };
};

describe('whether the desktop shows tray icons', () => {
  test('is not counted on before it was looked for, and is what the bus told last', async () => {
    const { host } = hostOf([YES, NO, new Error('The name is not activatable'), YES]);
    expect(host.isThere()).toBe(false);
    const seen: boolean[] = [];
    for (let i = 0; i < 4; i += 1) {
      expect(await host.look()).toBe(host.isThere());
      seen.push(host.isThere());
    }
    expect(seen).toEqual([true, false, false, true]);
  });

  test('is what was asked for last, though an earlier answer comes later', async () => {
    const first = Promise.withResolvers<string>();
    const answers = [first.promise, Promise.resolve(YES)];
    const ask = (): Promise<string> => answers.shift() ?? Promise.reject(new Error('nobody'));
    const host = createTrayHost({ platform: 'linux', clock: sleeper(), ask });
    const looks = [host.look(), host.look()];
    first.resolve(NO);
    expect(await Promise.all(looks)).toEqual([false, true]);
    expect(host.isThere()).toBe(true);
  });

  test('is nobody’s question on Windows and macOS', async () => {
    for (const platform of ['win32', 'darwin'] as const) {
      const { host, asked } = hostOf([NO], platform);
      expect([host.isThere(), await host.look(), await host.waitFor(20_000), asked()]).toEqual([
        true,
        true,
        true,
        0,
      ]);
    }
  });

  test('after a log-in is waited for, and not for ever', async () => {
    const late = hostOf([new Error('nobody'), NO, YES]);
    expect([await late.host.waitFor(20_000), late.asked()]).toEqual([true, 3]);
    const never = hostOf([new Error('nobody')]);
    expect([await never.host.waitFor(20_000), never.asked()]).toEqual([false, 11]);
  });

  test.skipIf(process.platform === 'win32')(
    'is asked of the session’s bus, and of none that would have to be started',
    async () => {
      const bin = testFolder('bin');
      const tool = join(bin, 'dbus-send');
      writeFileSync(tool, `#!/bin/sh\nprintf '%s\\n' "$@"\n`);
      chmodSync(tool, 0o755);
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
      await expect(askSessionBus({ PATH, XDG_RUNTIME_DIR: bin })).rejects.toThrow(/no session bus/);
      const question = await askSessionBus({ PATH, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' });
      expect(question).toContain('--dest=org.kde.StatusNotifierWatcher');
      expect(question).toContain('string:IsStatusNotifierHostRegistered');
      writeFileSync(tool, '#!/bin/sh\nexit 1\n');
      await expect(askSessionBus({ PATH, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' })).rejects.toThrow(
        /Command failed/,
      );
    },
  );
});
