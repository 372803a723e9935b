import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planSchema } from '../../../shared/bridge/plan.ts';
import { callsOf, openTestHost, refOf, sees, type TestHost } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

const hostWith = async (root: string, reserveBytes = 0): Promise<TestHost> => {
  const host = await openTestHost({ roots: [root], reserveBytes: () => reserveBytes });
  const ref = await refOf(callsOf(host), root, 'Music');
  expect(await host.calls.addLibrary(ref)).toEqual({ ok: true });
  return host;
};

test('before Start the page learns what is going to be done; nothing is sent, nothing is kept of it', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 3, 1, 8_000);
  writeFileSync(join(root, 'Music', 'empty.flac'), '');
  writeFileSync(join(root, 'Music', 'letter.mp3'), 'Dear Anna, '.repeat(100));
  writeFileSync(join(root, 'Music', 'cover.jpg'), 'a picture');
  const host = await hostWith(root);
  await host.calls.useArchiveHere(null);
  const plan = planSchema.parse(await host.calls.plan(null));
  expect(plan).toMatchObject({
    tracks: 3,
    formats: [{ name: 'mp3', tracks: 3, bytes: plan.bytes }],
    otherFiles: 1,
    archived: 0,
    times: [{ pace: 'copying on this computer', nights: 1 }],
    room: { needed: plan.bytes, enough: true },
  });
  expect(plan.bytes).toBeGreaterThan(0);
  expect(plan.leftOut.map(({ reason, files }) => [reason.slice(0, 17), files])).toEqual(
    expect.arrayContaining([
      ['The file is empty', 1],
      ['The name says aud', 1],
    ]),
  );
  expect(plan.leftOut.flatMap(({ examples }) => examples)).toContain(join(root, 'Music', 'letter.mp3'));
  expect(await host.calls.state(null)).toMatchObject({
    settings: { started: false },
    work: null,
    standing: { found: 0 },
  });
  expect(host.faults).toEqual([]);
});

test('what is archived already is not in the plan; what was set before is', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 4, 1, 30_000);
  const host = await hostWith(root);
  await host.calls.useArchiveHere(null);
  await host.calls.start(null);
  await sees(host, 'all is archived', ({ standing }) => standing.archived === 4);
  writeSongs(join(root, 'Music', 'more'), 2, 100, 30_000);
  await host.calls.pause('until_resumed');
  // Ten thousand bytes a second, in one minute of each day.
  await host.calls.changeSettings({ lineLimit: 10_000, nightWindow: { from: '03:00', to: '03:01' } });
  const plan = await host.calls.plan(null);
  expect(plan).toMatchObject({ tracks: 2, archived: 4 });
  expect(plan.times).toEqual([
    {
      pace: 'the limit you set, 10.0 kB/s',
      seconds: Math.round(plan.bytes / 10_000),
      nights: Math.ceil(plan.bytes / 10_000 / 60),
    },
  ]);
});

test('a disk without room for all of it is told before anything is tried', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 1);
  const host = await hostWith(root, Number.MAX_SAFE_INTEGER - 1_000_000);
  await host.calls.useArchiveHere(null);
  expect((await host.calls.plan(null)).room).toMatchObject({ enough: false });
});

test('asked again, or Start pressed, the look before ends: its answer says so', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 20);
  const host = await hostWith(root);
  await host.calls.useArchiveHere(null);
  const first = host.calls.plan(null) as Promise<unknown>;
  const second = host.calls.plan(null) as Promise<unknown>;
  await expect(first).rejects.toMatchObject({ code: 'plan_ended' });
  expect(await second).toMatchObject({ tracks: 20 });
  const third = host.calls.plan(null) as Promise<unknown>;
  const started = host.calls.start(null);
  await expect(third).rejects.toMatchObject({ code: 'plan_ended' });
  expect(await started).toEqual({ ok: true });
  await sees(host, 'all is archived', ({ standing }) => standing.archived === 20);
  expect(host.faults).toEqual([]);
});
