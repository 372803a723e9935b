import { watchLibraries } from '../../../src-main/engine/library/watch.ts';

/** Watches one folder until it is ready and prints as JSON what was said. Argument: the folder. */
const limited: string[] = [];
let hinted = false;
const watching = watchLibraries({
  libraries: [{ id: 1, path: Buffer.from(process.argv[2] ?? '') }],
  onHint: () => (hinted = true),
  onLimited: (message) => limited.push(message),
  quietMs: 10,
  everyMs: 20,
});
await watching.ready;
await new Promise((resolve) => setTimeout(resolve, 100));
await watching.close();
process.stdout.write(JSON.stringify({ limited, hinted }));
