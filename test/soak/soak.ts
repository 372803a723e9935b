/**
 * Client and archive are killed again and again, at every point and at random moments, and an independent checker says
 * what became of the files. See --help.
 */
import { writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { removeFolder } from '../kit/temp-folder.ts';
import { exceeded, tableOf } from './figures.ts';
import { longRun, type PartResult } from './long-run.ts';
import { parseSoak, type Part, type SoakOptions, USAGE } from './options.ts';
import { pointsRun } from './points-run.ts';

const started = performance.now();
const say = (sentence: string): void => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(5);
  process.stdout.write(`${seconds} s  ${sentence}\n`);
};

const RUNS: Readonly<
  Record<Part, (options: SoakOptions, say: (text: string) => void) => Promise<PartResult>>
> = {
  points: pointsRun,
  long: longRun,
};

const machine = () => ({
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  system: `${platform()} ${arch()}`,
  load: loadavg().map((value) => Math.round(value * 10) / 10),
});

const soak = async (options: SoakOptions): Promise<number> => {
  const before = machine();
  say(`seed ${options.seed}, ${options.files} files; load ${before.load.join(' ')}`);
  const results: PartResult[] = [];
  for (const part of options.parts) results.push(await RUNS[part](options, say));
  const figures = results.flatMap((result) => result.figures);
  const faults = [...results.flatMap((result) => result.breaches), ...exceeded(figures)];
  process.stdout.write(`\n${tableOf(figures)}\n\n`);
  for (const fault of faults.slice(0, 100)) process.stdout.write(`DID NOT HOLD  ${fault}\n`);
  process.stdout.write(faults.length === 0 ? 'All held.\n' : `${faults.length} did not hold.\n`);
  if (options.report !== undefined) {
    const { seed, files, kills, concurrent } = options;
    const report = {
      date: new Date().toISOString().slice(0, 10),
      machine: { ...before, loadAfter: machine().load },
      options: { seed, files, kills, concurrent },
      figures,
      faults,
    };
    writeFileSync(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  return faults.length === 0 ? 0 : 1;
};

const main = async (argv: readonly string[]): Promise<number> => {
  if (argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  let options: SoakOptions;
  try {
    options = parseSoak(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    return 2;
  }
  try {
    return await soak(options);
  } finally {
    if (options.keep) say(`kept in ${options.dir}`);
    else removeFolder(options.dir);
  }
};

process.exitCode = await main(process.argv.slice(2));
