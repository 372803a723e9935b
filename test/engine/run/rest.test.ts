import { expect, test } from 'vitest';
import type { SomeSettings } from '../../../shared/settings.ts';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import type { Run } from '../../../src-main/engine/run.ts';
import Database from 'better-sqlite3';
import { expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { fastClock } from '../../kit/clocks.ts';
import { openEngine, type TestEngine } from '../../kit/engine.ts';
import { ledgerHoldings } from '../../kit/ledger-rows.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

interface Stage {
  readonly world: ArchiveWorld;
  readonly folder: string;
  readonly data: string;
  readonly engine: TestEngine;
  /** As somebody beside the owner says it. */
  readonly say: (settings: SomeSettings) => void;
}

const stage = async (speed = 1): Promise<Stage> => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    clock: fastClock(speed),
  });
  const say = (settings: SomeSettings): void => {
    const db = new Database(`${data}/ledger.db`);
    leaveMessage(db, { kind: 'set', settings }, Date.now());
    db.close();
  };
  return { world, folder, data, engine, say };
};

const gateOf = (run: Run): string => {
  const { state, reason } = run.snapshot().gate;
  return `${state} ${reason ?? ''}`.trim();
};

test('paused in mid-run: what is under way is finished, nothing new begins, and resumed it goes on', async () => {
  const { world, folder, engine, say } = await stage();
  const songs = writeSongs(folder, 12);
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 300 }, times: 100 });
  const run = await engine.start({ concurrency: 2 });
  await waitFor('the first PUT', () => world.puts() >= 1);
  say({ pause: { until: null } });
  await waitFor('the pause', () => run.snapshot().gate.reason === 'paused');
  expect(gateOf(run)).toBe('draining paused');
  // Nothing moves any more, so nobody is told to wait for it.
  await waitFor('the gate to close', () => gateOf(run) === 'closed paused');
  expect(run.snapshot().inFlight.every(({ sent }) => sent === 0)).toBe(true);
  const { archived } = run.snapshot().totals;
  const puts = world.puts();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(world.puts()).toBe(puts);
  expect(archived).toBeLessThan(12);
  expect(run.snapshot().totals.waiting).toBe(12 - run.snapshot().totals.archived);
  say({ pause: null });
  expect((await run.done).summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
  expect(world.puts()).toBe(12);
  expectHolds(world, songs);
});

test('a file that takes longer than the pause waits for is broken off, is nobody’s failure, and is sent whole later', async () => {
  // The five minutes of draining pass in a second.
  const { world, folder, data, engine, say } = await stage(300);
  const song = writeSong(folder, 'long.mp3', { seed: 3, bytes: 20_000_000 });
  world.proxy.setBandwidth(1_000_000);
  const run = await engine.start();
  await waitFor('bytes on their way', () => (run.snapshot().inFlight[0]?.sent ?? 0) > 0);
  say({ pause: { until: null } });
  await waitFor('the gate to close', () => gateOf(run) === 'closed paused');
  await waitFor('the PUT to be broken off', () => run.snapshot().inFlight.length === 0);
  expect(ledgerHoldings(data)).toMatchObject([{ state: 'open', attempts: 0 }]);
  world.proxy.setBandwidth(undefined);
  say({ pause: null });
  expect((await run.done).summary).toMatchObject({ archived: 1, failed: 0, puts: 1 });
  expectHolds(world, [song]);
});

test('a pause with an end ends by itself; it is kept for the next run, which begins paused', async () => {
  // A minute is a second.
  const { world, folder, engine, say } = await stage(60);
  const songs = writeSongs(folder, 3);
  await engine.ledger.commit(() =>
    engine.ledger.settings.write({ pause: { until: Date.now() + 3_600_000 } }),
  );
  const first = await engine.start();
  await waitFor('the gate to close', () => gateOf(first) === 'closed paused');
  expect(first.snapshot().gate.nextChange).toBeGreaterThan(Date.now());
  expect(world.puts()).toBe(0);
  first.stop();
  expect((await first.done).interrupted).toBe(true);
  const second = await engine.start();
  await waitFor('the gate to be shut again', () => second.snapshot().gate.reason === 'paused');
  say({ pause: { until: Date.now() + 240_000 } });
  expect((await second.done).summary).toMatchObject({ archived: 3, puts: 3 });
  expectHolds(world, songs);
});

test('a line limit holds for all uploads together, and can be lifted on the way', async () => {
  const { world, folder, engine, say } = await stage();
  const songs = writeSongs(folder, 10, 1, 60_000);
  await engine.ledger.commit(() => engine.ledger.settings.write({ lineLimit: 100_000 }));
  const began = performance.now();
  const run = await engine.start({ concurrency: 5 });
  await waitFor('three songs', () => run.snapshot().totals.archived >= 3);
  const seconds = (performance.now() - began) / 1000;
  const { bytesSent } = run.snapshot();
  // What the limit allows and one slice for each; how long it really takes is the machine's.
  expect(bytesSent).toBeLessThan(seconds * 100_000 + 5 * 16_384);
  say({ lineLimit: null });
  expect((await run.done).summary).toMatchObject({ archived: 10, failed: 0, puts: 10 });
  expectHolds(world, songs);
});

test('on battery nothing is sent where somebody wished so; plugged in it goes on', async () => {
  const { world, folder, engine } = await stage();
  const songs = writeSongs(folder, 3);
  let onBattery = true;
  await engine.ledger.commit(() => engine.ledger.settings.write({ pauseOnBattery: true }));
  const run = await engine.start({ power: () => ({ onBattery, suspended: false }) });
  await waitFor('the look to be over', () => run.snapshot().totals.found === 3 && !run.snapshot().scanning);
  expect(gateOf(run)).toBe('closed battery');
  expect(world.puts()).toBe(0);
  onBattery = false;
  run.reconsider();
  expect((await run.done).summary).toMatchObject({ archived: 3, failed: 0 });
  expectHolds(world, songs);
});

test('the computer falls asleep in mid-upload: the connection is dropped, nothing is begun; awake it looks again and goes on', async () => {
  const { world, folder, data, engine } = await stage();
  const songs = [writeSong(folder, 'long.mp3', { seed: 3, bytes: 20_000_000 })];
  world.proxy.setBandwidth(1_000_000);
  let suspended = false;
  const run = await engine.start({ power: () => ({ onBattery: false, suspended }) });
  await waitFor('bytes on their way', () => (run.snapshot().inFlight[0]?.sent ?? 0) > 0);
  suspended = true;
  run.reconsider();
  await waitFor('nothing to be in flight', () => run.snapshot().inFlight.length === 0);
  expect(run.snapshot().gate).toMatchObject({ state: 'closed', message: expect.stringMatching(/asleep/) });
  expect(ledgerHoldings(data)).toMatchObject([{ state: 'open', attempts: 0 }]);
  // Put there by somebody who had the disk meanwhile: only another look finds it.
  songs.push(writeSong(folder, 'new.mp3', { seed: 4 }));
  world.proxy.setBandwidth(undefined);
  suspended = false;
  run.reconsider();
  expect((await run.done).summary).toMatchObject({ archived: 2, failed: 0, found: 2 });
  expectHolds(world, songs);
});
