import { statSync } from 'node:fs';
import { createFingerprinter } from '../../../src-main/engine/audio/fingerprints.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';

/** Run by root: reads one file with the rights of nobody, prints the result as JSON. */
const [, , path = ''] = process.argv;
process.setgroups?.([]);
process.setgid?.(65_534);
process.setuid?.(65_534);

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
