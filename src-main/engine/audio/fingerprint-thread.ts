import { parentPort } from 'node:worker_threads';
import type { FromFingerprint, ToFingerprint } from './fingerprint-messages.ts';
import { fingerprint } from './fingerprint.ts';

/** Entry of a fingerprint thread: answers one request after the other, in their order. */

if (parentPort === null) throw new Error('The fingerprints are made in a thread.');
const owner = parentPort;
const post = (message: FromFingerprint, transfer: readonly ArrayBuffer[] = []): void =>
  owner.postMessage(message, transfer);

const answer = async (request: ToFingerprint): Promise<void> => {
  const result = await fingerprint(request, () => post({ kind: 'parsing' }));
  const given =
    result.kind === 'read' && result.bytes !== undefined ? [result.bytes.buffer as ArrayBuffer] : [];
  post({ kind: 'done', result }, given);
};

owner.on('message', (request: ToFingerprint) => {
  // What it throws is no matter of the file: it ends the thread, and its owner is told so.
  void answer(request);
});
post({ kind: 'ready' });
