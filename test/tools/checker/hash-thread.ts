import { parentPort, workerData } from 'node:worker_threads';
import { sha256OfFile } from '../../kit/hash.ts';

parentPort?.postMessage((workerData as readonly string[]).map((path) => sha256OfFile(path)));
