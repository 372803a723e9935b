/** Owns the folder named first, says so, and stays until it is killed. */
import { takeOwnership } from '../../../src-main/engine/ledger/owner.ts';

takeOwnership(process.argv[2] ?? '', 'a test');
process.stdout.write('owned\n');
setInterval(() => undefined, 1_000);
