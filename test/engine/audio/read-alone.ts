import { statSync } from 'node:fs';
import { createFingerprinter } from '../../../src-main/engine/audio/fingerprints.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';

/** Reads one file in a process of its own and prints the result as JSON. */
const [, , path = ''] = process.argv;

const stats = statSync(path, { bigint: true });
const fingerprinter = createFingerprinter({ launch: nodeLaunch, threads: 1 });
const result = await fingerprinter.read({
  path: Buffer.from(path),
  expected: {
    byteSize: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    inode: stats.ino,
  },
  keepBytes: false,
});
await fingerprinter.close();
process.stdout.write(JSON.stringify(result));
