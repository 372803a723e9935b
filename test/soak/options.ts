import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run soak -- [options]

  --files N        size of the library (65000)
  --size BYTES     of an average file (100000)
  --kills N        how often client and archive are killed, each (10)
  --concurrent N   uploads at once (20)
  --seed N         of the moments at which they are killed (drawn and printed, unless told)
  --dir DIR        where a folder of its own is made to work in (the system's temporary folder)
  --keep           leaves everything there at the end
  --report FILE    also writes the figures there, as JSON
  --only PART      long (one library, killed again and again) or points (every point and every flush, one by one)

Needs about twice the library's size on the disk. Ends with 0 where all held, with 1 where not, with 2 for wrong use.`;

export interface SoakOptions {
  readonly files: number;
  readonly size: number;
  readonly kills: number;
  readonly concurrent: number;
  readonly seed: number;
  readonly dir: string;
  readonly keep: boolean;
  readonly report: string | undefined;
  readonly parts: readonly Part[];
}

const PARTS = ['points', 'long'] as const;
export type Part = (typeof PARTS)[number];

/** Throws a RangeError, or parseArgs' own TypeError, for wrong use. */
export const parseSoak = (argv: readonly string[]): SoakOptions => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      files: { type: 'string', default: '65000' },
      size: { type: 'string', default: '100000' },
      kills: { type: 'string', default: '10' },
      concurrent: { type: 'string', default: '20' },
      seed: { type: 'string' },
      dir: { type: 'string' },
      keep: { type: 'boolean', default: false },
      report: { type: 'string' },
      only: { type: 'string' },
    },
  });
  return {
    files: wholeNumber('files', values.files, 100),
    size: wholeNumber('size', values.size, 1_000),
    kills: wholeNumber('kills', values.kills, 0),
    concurrent: wholeNumber('concurrent', values.concurrent, 1),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber('seed', values.seed, 0),
    keep: values.keep,
    report: values.report,
    parts: partsFrom(values.only),
    // Last: wrong use leaves no folder behind.
    dir: folderFor(values.dir),
  };
};

const wholeNumber = (name: string, text: string, least: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new RangeError(`--${name} must be a whole number from ${least}`);
  return number;
};

/** Always a new folder, so that removing it removes nothing of anybody's. */
const folderFor = (named: string | undefined): string => {
  const parent = resolve(named ?? tmpdir());
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'ledgerline-soak-'));
};

const partsFrom = (only: string | undefined): readonly Part[] => {
  if (only === undefined) return PARTS;
  const part = PARTS.find((name) => name === only);
  if (part === undefined) throw new RangeError(`--only is one of ${PARTS.join(', ')}`);
  return [part];
};
