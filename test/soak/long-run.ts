import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { runCli } from '../kit/cli.ts';
import { makeWorld, summaryOf, verdictOn, type World } from '../faults/support/world.ts';
import { median, secondsOfFind } from './against-find.ts';
import { followArrivals, paceBetween } from './arrivals.ts';
import type { Figure } from './figures.ts';
import { planKills, QUIET } from './kill-plan.ts';
import { workUnderKills } from './killed-work.ts';
import { watchMemory } from './memory.ts';
import type { SoakOptions } from './options.ts';
import { runAgain, type SecondRun } from './second-run.ts';

export interface PartResult {
  readonly figures: readonly Figure[];
  /** What did not hold; empty when all did. */
  readonly breaches: readonly string[];
}

const MB = 1_000_000;
const SECOND_RUNS = 3;
const FINDS = 5;
/** The pace is measured when whoever was killed last is well under way again. */
const SETTLED = QUIET.from + 0.03;

/** One library, archived while client and archive are killed again and again; then all is looked at. */
export const longRun = async (options: SoakOptions, say: (sentence: string) => void): Promise<PartResult> => {
  const { files, size, kills, concurrent, seed } = options;
  const timed = stopwatch();
  const world = await makeWorld(join(options.dir, 'long'), { files, size });
  say(`made ${files} files in ${timed().toFixed(0)} s`);

  const arrivals = followArrivals(join(world.archive, 'archive.log'));
  const memory = watchMemory();
  const plan = planKills(kills, seed);
  const work = await workUnderKills({ world, files, concurrent, plan, arrivals, memory, say });
  const { server } = work;
  try {
    const first = summaryOf(work.result);
    say(
      `all done in ${(work.wholeMs / 1000).toFixed(0)} s, after ${work.kills.client} and ${work.kills.archive} kills`,
    );
    const arrived = arrivals.read();
    const pace = paceBetween(arrived, Math.round(files * SETTLED), Math.round(files * QUIET.to));
    const tagSeconds = await waitForTags(world);
    say(`the archive had read all tags ${tagSeconds.toFixed(0)} s later`);

    const again: SecondRun[] = [];
    const finds: number[] = [];
    for (let i = 0; i < SECOND_RUNS; i += 1) again.push(await runAgain(world, server.url, concurrent));
    for (let i = 0; i < FINDS; i += 1) finds.push(secondsOfFind(world.library) ?? Number.NaN);
    memory.stop();
    await server.stop();
    await cleanUpByCommand(world);
    say('cleaned up; now the checker');
    const check = stopwatch();
    const verdict = await verdictOn(world, {
      cleaned: true,
      lostAnswers: (work.kills.client + work.kills.archive) * concurrent,
    });
    say(`checked in ${check().toFixed(0)} s`);

    const { counts } = verdict;
    const scan = median(again.map(({ scanSeconds }) => scanSeconds));
    const find = median(finds);
    return {
      figures: [
        { name: 'files', value: files, unit: '' },
        { name: 'files archived, by the checker', value: counts.archived, unit: '' },
        { name: 'kills of the client', value: work.kills.client, unit: '' },
        { name: 'kills of the archive', value: work.kills.archive, unit: '' },
        { name: 'PUTs that the archive took', value: counts.puts.accepted, unit: '' },
        { name: 'of these, sent again after a lost answer', value: counts.puts.repeated, unit: '' },
        { name: 'whole time, kills and starts included', value: work.wholeMs / 1000, unit: 's' },
        { name: 'files a second, nobody killed', value: pace?.filesPerSecond ?? Number.NaN, unit: '' },
        {
          name: 'megabytes a second, nobody killed',
          value: (pace?.bytesPerSecond ?? Number.NaN) / MB,
          unit: 'MB/s',
        },
        {
          name: 'first PUT answered, from process start',
          value: work.firstPutMs / 1000,
          unit: 's',
          limit: 2,
        },
        {
          name: 'client memory, peak',
          value: (memory.peaks().get('client') ?? Number.NaN) / MB,
          unit: 'MB',
          limit: 250,
        },
        {
          name: 'archive memory, peak',
          value: (memory.peaks().get('archive') ?? Number.NaN) / MB,
          unit: 'MB',
        },
        {
          name: "archive's reader of tags, peak",
          value: (memory.peaks().get("archive's helper") ?? Number.NaN) / MB,
          unit: 'MB',
        },
        { name: 'tags read, after the last PUT', value: tagSeconds, unit: 's' },
        {
          name: 'second run, process start to end',
          value: median(again.map(({ wholeSeconds }) => wholeSeconds)),
          unit: 's',
        },
        { name: 'second run, scan and comparison', value: scan, unit: 's' },
        { name: 'find -printf over the same library', value: find, unit: 's' },
        { name: 'scan and comparison, times find', value: scan / find, unit: '', limit: 5 },
        { name: 'time of the checker', value: check(), unit: 's' },
      ],
      breaches: [
        ...verdict.breaches.map(({ rule, message }) => `${rule}: ${message}`),
        ...(work.result.code === 0 ? [] : [`the last client ended with ${work.result.code}`]),
        ...(first.found === files ? [] : [`the last client found ${first.found} files`]),
        ...again.flatMap(({ summary }, i) => sentAnything(summary, files, i + 2)),
        ...(arrivals.read().length === arrived.length
          ? []
          : ['something arrived in a run that had nothing to do']),
        ...work.orphans.map((pid) => `process ${pid} outlived the archive that had started it`),
      ],
    };
  } finally {
    memory.stop();
    server.process.kill();
    await server.process.done;
  }
};

const sentAnything = (
  { found, already_archived, puts, bytes_sent }: ReturnType<typeof summaryOf>,
  files: number,
  run: number,
): readonly string[] =>
  found === files && already_archived === files && puts === 0 && bytes_sent === 0
    ? []
    : [
        `run ${run} found ${found}, ${already_archived} of them archived, and sent ${puts} (${bytes_sent} bytes)`,
      ];

const stopwatch = (): (() => number) => {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
};

const waitForTags = async (world: World): Promise<number> => {
  const waited = stopwatch();
  const db = new Database(join(world.archive, 'archive.db'), { readonly: true });
  try {
    const left = db.prepare<[], { n: number }>(
      "SELECT count(*) AS n FROM song WHERE processing_status IN ('queued', 'processing')",
    );
    while ((left.get()?.n ?? 0) > 0) await sleep(500);
    return waited();
  } finally {
    db.close();
  }
};

const cleanUpByCommand = async ({ archive }: World): Promise<void> => {
  const { code, stderr } = await runCli(['server', 'clean', '--older-than', '0', '--data-dir', archive], {
    timeoutMs: 600_000,
  });
  if (code !== 0) throw new Error(`The clean-up ended with ${code}.\n${stderr}`);
};
