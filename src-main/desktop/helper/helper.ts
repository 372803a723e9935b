import { Worker } from 'node:worker_threads';

/**
 * The entry of a helper process: reads what strangers may have made, in a thread whose heap is limited, because
 * Electron gives a process of its own no such limit. When the thread ends, so does the process.
 */

const [name, heapMiB] = process.argv.slice(2);
const { parentPort } = process;
const thread = new Worker(new URL('helper-thread.js', import.meta.url), {
  workerData: name,
  env: {},
  resourceLimits: { maxOldGenerationSizeMb: Number(heapMiB), maxYoungGenerationSizeMb: 16 },
});
parentPort.on('message', ({ data }) => thread.postMessage(data));
thread.on('message', (message) => parentPort.postMessage(message));
// What it died of was told to nobody on purpose: a parser's error can hold what it was reading.
thread.on('error', () => process.exit(1));
thread.on('exit', (code) => process.exit(code));
