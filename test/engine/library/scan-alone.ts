import { writeFileSync } from 'node:fs';
import type { Difference } from '../../../src-main/engine/library/differences.ts';
import { scanLibrary } from '../../../src-main/engine/library/scan.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';

/** One scan in a process of its own. Arguments: ledger, library, file for the outcome as JSON. */
const [, , ledgerPath = '', library = '', output = ''] = process.argv;

const differences: Difference[] = [];
const result = await scanLibrary({
  launch: nodeLaunch,
  ledgerPath,
  library: { id: 1, path: Buffer.from(library) },
  onBatch: (batch) => void differences.push(...batch.differences),
});

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return { bigint: value.toString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('latin1') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
};
writeFileSync(output, JSON.stringify(plain({ result, differences })));
