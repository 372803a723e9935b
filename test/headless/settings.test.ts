import { expect, test } from 'vitest';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf } from './support/music.ts';

const DEFAULTS = {
  pause: null,
  nightWindow: null,
  lineLimit: null,
  concurrency: 'auto',
  pauseOnBattery: false,
  exclusions: [],
};

test('settings are shown, changed one by one, and kept', async () => {
  const { run } = ledgerline();
  expect((await run('settings', '--json')).json).toEqual(DEFAULTS);
  const changed = await run('settings', '--limit', '20mbit', '--night', '22:00-6:30', '--concurrent', '7');
  expect(changed).toMatchObject({ code: 0, stderr: '' });
  expect(changed.stdout).toBe(
    `Line limit       2.5 MB/s                 --limit 20mbit, or none
Files go         from 22:00 to 06:30      --night 22:00-06:00, or none
Uploads at once  7                        --concurrent 10, or auto
On battery       files go too             --pause-on-battery on, or off
Left out         nothing                  --exclude Podcasts/, or --no-exclude
Paused           no
`,
  );
  expect((await run('settings', '--limit', 'none', '--json')).json).toEqual({
    ...DEFAULTS,
    nightWindow: { from: '22:00', to: '06:30' },
    concurrency: 7,
  });
  expect((await run('settings', '--json')).json).toMatchObject({ lineLimit: null, concurrency: 7 });
});

test.each([
  [['settings', '--limit', '20'], /--limit 20 is not the speed of a line/],
  [['settings', '--limit', '1kbit'], /too little/],
  [['settings', '--night', '25:00-06:00'], /--night 25:00-06:00 names no hours/],
  [['settings', '--night', 'always'], /names no hours/],
  [['settings', '--concurrent', '99'], /1 to 50/],
  [['settings', 'please'], /takes no please/],
  [['settings', '--pause-on-battery', 'yes'], /--pause-on-battery is on or off/],
  [['settings', '--exclude', ''], /--exclude names nothing/],
  [['settings', '--exclude', '../Podcasts'], /leads out of the music folder/],
  [['pause', '--for', 'ever'], /--for ever is no length of time/],
  [['pause', '--for', '0h'], /no length of time/],
  [['pause', '--until', '24:00'], /--until 24:00 is no time of day/],
  [['pause', '--for', '1h', '--until', 'tonight'], /do not go together/],
])('%j is refused in words, and nothing is changed', async (argv, words) => {
  const { run } = ledgerline();
  const result = await run(...argv);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toMatch(words);
  expect((await run('settings', '--json')).json).toEqual(DEFAULTS);
});

test('what is left out is kept line by line; a run leaves it out and a later one takes it in again', async () => {
  const { run } = ledgerline();
  const library = libraryOf(12);
  const set = await run('settings', '--exclude', 'album 0/', '--exclude', '*.ogg');
  expect(set.stdout).toContain('Left out of every library:\n  album 0/\n  *.ogg\n');
  expect((await run('sync', '--dry-run', library)).stdout).toContain(
    'Left out by the lines in your settings: 1 files or folders',
  );
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({
    found: 2,
    archived: 2,
    skipped: 0,
  });
  expect((await run('settings', '--no-exclude', '--exclude', '*.aiff', '--json')).json).toMatchObject({
    exclusions: ['*.aiff'],
  });
  // Two of the ten were never known, one that is archived is left out from now on.
  expect(summaryIn(await run('sync', library, '--json'))).toMatchObject({
    found: 10,
    archived: 8,
    already_archived: 1,
    skipped: 1,
    missing: 0,
  });
});

test('a pause holds for a run that begins later, is told by it, and ends with resume', async () => {
  const { run, start } = ledgerline();
  const library = libraryOf(4);
  const paused = await run('pause');
  expect(paused.stdout).toBe(
    'Paused: what is under way is finished, then nothing is sent. It continues with "ledgerline resume".\n',
  );
  expect((await run('settings')).stdout).toContain('Paused           until you resume');
  const sync = start('sync', library, '--json');
  await sync.says(/Paused/, { timeoutMs: 60_000 });
  expect((await run('status', '--json')).json).toMatchObject({ archives: [{ archived: 0, waiting: 4 }] });
  expect((await run('status')).stdout).toContain('Paused until "ledgerline resume".');
  expect((await run('status', '--json')).json).toMatchObject({ pause: { until: null }, night: null });
  expect((await run('resume')).stdout).toBe('Goes on.\n');
  // The run takes it from its inbox when it looks there next.
  await expect.poll(async () => (await run('status')).stdout, { timeout: 60_000 }).not.toContain('Paused');
  expect(summaryIn(await sync.done)).toMatchObject({ archived: 4, waiting: 0 });
  expect((await run('resume')).stdout).toBe('It was not paused.\n');
});

test('a pause until tonight ends when the hours of the night begin', async () => {
  const { run } = ledgerline();
  await run('settings', '--night', '23:30-05:00');
  const { pause } = (await run('pause', '--until', 'tonight', '--json')).json as {
    pause: { until: number };
  };
  const end = new Date(pause.until);
  expect([end.getUTCHours(), end.getUTCMinutes()]).toEqual([23, 30]);
  expect(pause.until).toBeGreaterThan(Date.now());
  expect((await run('resume')).stdout).toBe('Goes on. Files still go only from 23:30 to 05:00.\n');
});
