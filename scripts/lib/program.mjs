// How the program is started, beyond its own arguments; the tests start it the same way.
import { fileURLToPath } from 'node:url';

export const NODE_FLAGS = [
  // Node 22 calls the running of .ts files experimental at each start.
  '--disable-warning=ExperimentalWarning',
  // A night's work makes much garbage that lives short. Left to itself the heap grows to several times what is in use
  // before it is cleared: half of the program's memory, and no faster for it.
  '--max-semi-space-size=4',
  '--heap-growing-percent=15',
];
/** What has to be said before Node starts; whoever sets them himself knows better. */
export const ENVIRONMENT = {
  // Read by glibc only: threads that each keep a heap of their own would hold on to memory that nobody uses.
  MALLOC_ARENA_MAX: '2',
  // An archive inside the program waits for the disk twice for each file; with Node's four threads, twenty uploads
  // would mostly wait for each other.
  UV_THREADPOOL_SIZE: '16',
  // Compiled sources are kept from one start to the next, beside the packages, where only who owns the program writes.
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/ledgerline', import.meta.url)),
};
