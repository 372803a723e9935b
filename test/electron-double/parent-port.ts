import { EventEmitter } from 'node:events';

/** Loaded before a utility process's own code: `process.parentPort`, over the channel of a forked Node. */
const port = new EventEmitter();
const waiting: unknown[] = [];
const deliver = (data: unknown): void => void port.emit('message', { data, ports: [] });

process.on('message', (data) => {
  // As Electron has it, messages wait until somebody listens.
  if (port.listenerCount('message') === 0) waiting.push(data);
  else deliver(data);
});
port.on('newListener', (event) => {
  if (event === 'message') queueMicrotask(() => waiting.splice(0).forEach(deliver));
});
// A utility process does not outlive the program that it belongs to.
process.on('disconnect', () => process.exit(1));

const send = process.send?.bind(process);
Object.defineProperty(process, 'parentPort', {
  value: Object.assign(port, { postMessage: (message: unknown): void => void send?.(message as object) }),
});
// There is none in a utility process.
Reflect.deleteProperty(process, 'send');
