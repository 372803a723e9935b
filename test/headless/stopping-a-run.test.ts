import { expect, test } from 'vitest';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf } from './support/music.ts';
import { startSlowArchive } from './support/slow-archive.ts';

const TRACKS = 40;
/** Slow enough that no run is over before it is stopped. */
const SLOW = 100_000;
const FAST = 100_000_000;

/** A run that has archived something and is held in the middle of the next. */
const heldRun = async () => {
  const { line, argv } = await startSlowArchive(SLOW);
  const library = libraryOf(TRACKS);
  const { run, start } = ledgerline();
  const sync = ['sync', library, ...argv, '--concurrent', '2', '--json', '--verbose'];
  const running = start(...sync);
  await running.says(/^archived/m);
  line.freeze();
  const goOn = (): void => {
    line.setBandwidth(FAST);
    line.thaw();
  };
  return { running, goOn, library, run, runAgain: () => run(...sync) };
};

test('Ctrl-C ends a run politely, beside which nobody else may work, and the next start continues', async () => {
  const { running, goOn, run, runAgain } = await heldRun();
  const second = await runAgain();
  expect(second.code).toBe(2);
  expect(second.json).toMatchObject({ error: { code: 'ledger_in_use' } });
  expect(second.stderr).toContain(`process ${running.pid}`);
  expect((await run('status', '--json')).json).toMatchObject({
    at_work: `ledgerline sync, process ${running.pid}`,
    archives: [{ found: TRACKS }],
    last_run: { ended_at: null },
  });

  running.kill('SIGINT');
  await running.says(/Ctrl-C again stops at once/);
  goOn();
  const stopped = await running.done;
  expect(stopped.code).toBe(130);
  const summary = summaryIn(stopped);
  expect(summary).toMatchObject({ interrupted: true, found: TRACKS, failed: 0, archived: summary.puts });
  expect(summary.archived).toBeGreaterThan(0);
  expect(summary.waiting).toBeGreaterThan(0);

  expect(summaryIn(await runAgain())).toMatchObject({
    exit_code: 0,
    found: TRACKS,
    already_archived: summary.archived,
    puts: TRACKS - summary.puts,
  });
});

test('a second Ctrl-C does not wait for what is under way, and loses nothing that was answered', async () => {
  const { running, goOn, runAgain } = await heldRun();
  running.kill('SIGINT');
  await running.says(/Ctrl-C again stops at once/);
  // What npm passes on comes within this time, and is no second wish.
  await new Promise((resolve) => setTimeout(resolve, 600));
  running.kill('SIGINT');
  const stopped = await running.done;
  expect(stopped.code).toBe(130);
  const { archived, puts } = summaryIn(stopped);
  goOn();
  const next = summaryIn(await runAgain());
  expect(next).toMatchObject({ exit_code: 0, found: TRACKS, already_archived: archived });
  expect(next.puts + puts).toBeGreaterThanOrEqual(TRACKS - 2);
  expect(next.puts + puts).toBeLessThanOrEqual(TRACKS + 2);
});

test('a library that is forgotten in mid-run ends the work on it without a fault', async () => {
  const { running, goOn, library, run, runAgain } = await heldRun();
  const forget = await run('forget', library, '--yes', '--json');
  expect(forget.json).toEqual({ forgotten: library, done: false });
  expect((await run('retry')).stdout).toContain('it was told');
  goOn();
  const ended = await running.done;
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain('was forgotten meanwhile');
  expect((await run('status', '--json')).json).toMatchObject({ libraries: [], at_work: null });
  expect(summaryIn(await runAgain())).toMatchObject({ exit_code: 0, found: TRACKS, waiting: 0 });
});
