import { parentPort, workerData } from 'node:worker_threads';
import type { ProcessName } from '../../../shared/launch.ts';

/**
 * Gives a helper what it finds where it is a process of its own: `process.send` and the messages of `process`. A thread
 * has its own of both.
 */
if (parentPort === null) throw new Error('This is the entry of a thread');
const port = parentPort;
process.send = (message: unknown): boolean => {
  port.postMessage(message);
  return true;
};

const entries: Readonly<Record<ProcessName, () => Promise<unknown>>> = {
  'read-media': () => import('../../../server/processing/read-media.ts'),
  cover: () => import('../../engine/covers/cover-process.ts'),
};
await entries[workerData as ProcessName]();
// What came meanwhile waits in the port until somebody listens.
port.on('message', (message) => void process.emit('message', message, undefined));
