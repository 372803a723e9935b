import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HelperProcess, Launch, ProcessName, SqlFolderName, ThreadName } from '../../shared/launch.ts';
import { startThread } from '../shell/threads.ts';

const THREADS: Readonly<Record<ThreadName, URL>> = {
  scan: new URL('../engine/library/scan-thread.ts', import.meta.url),
  fingerprint: new URL('../engine/audio/fingerprint-thread.ts', import.meta.url),
  views: new URL('../engine/views/views-thread.ts', import.meta.url),
};
const PROCESSES: Readonly<Record<ProcessName, URL>> = {
  'read-media': new URL('../../server/processing/read-media.ts', import.meta.url),
  cover: new URL('../engine/covers/cover-process.ts', import.meta.url),
};
const SQL_FOLDERS: Readonly<Record<SqlFolderName, URL>> = {
  ledger: new URL('../engine/ledger/schema/', import.meta.url),
};

/** Threads and processes of plain Node, straight from the sources. */
export const nodeLaunch: Launch = {
  thread: (name, data) => startThread(name, THREADS[name], data),
  process: (name, { heapMiB }) => forkHelper(PROCESSES[name], heapMiB),
  sqlFolder: (name) => fileURLToPath(SQL_FOLDERS[name]),
};

const forkHelper = (entry: URL, heapMiB: number): HelperProcess => {
  const child = fork(entry, {
    env: {},
    execArgv: [`--max-old-space-size=${heapMiB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    // A helper that is gone tells so by onExit; the failed send itself says nothing more.
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: number | string): void => {
        if (!told) listener(reason);
        told = true;
      };
      child.once('exit', (code, signal) => tell(signal ?? code ?? 0));
      child.once('error', (error) => tell(error.message));
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
